"""Leaderboards of DAWNBench: who is on them, in which order, and what the headline ratios of 2018 were."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tacit.errors import FileError, OptionError
from tacit.published import dawnbench
from tests.published.made import write_inference, write_training

SEED = {"author": "Stanford DAWN", "timestamp": "2017-10-11"}


def places(folder: Path, quantity: str, **options: object) -> list[list[object]]:
    found: list[list[object]] = dawnbench(folder, **options).to_dict()["tasks"]["CIFAR10"][quantity]  # type: ignore[arg-type]
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A seed, an entry that is fast, one that is cheap, and one that fails; the same for inference."""
    write_training(tmp_path, "seed", [(1, 1.0, 90), (2, 10.0, 94)], costPerHour=1.0, **SEED)
    write_training(tmp_path, "fast", [(1, 0.5, 94.0), (2, 0.6, 94.2)], costPerHour=100.0, timestamp="2018-04-20")
    write_training(tmp_path, "cheap", [(1, 2.0, 95)], costPerHour=0.5, timestamp="2018-04-21")
    write_training(tmp_path, "none", [(1, 0.1, 93.9)], timestamp="2018-01-01")
    write_inference(tmp_path, "seed", latency=20.0, cost=4e-6, **SEED)
    write_inference(tmp_path, "quick", latency=5.0, cost=None, timestamp="2018-04-20")
    write_inference(tmp_path, "poor", latency=1.0, top1Accuracy=93.0, timestamp="2018-04-20")
    return tmp_path


def test_the_four_leaderboards(small: Path) -> None:
    assert places(small, "train_time") == [["fast.tsv", 1800], ["cheap.tsv", 7200], ["seed.tsv", 36_000]]
    assert places(small, "train_cost") == [["cheap.tsv", 1.0], ["seed.tsv", 10.0], ["fast.tsv", 50.0]]
    assert places(small, "latency") == [["quick.json", 5.0], ["seed.json", 20.0]]
    assert places(small, "inference_cost") == [["seed.json", 4e-6]]


def test_ratios_name_both_files_and_tell_when_two_entries_share_them(small: Path) -> None:
    found = dawnbench(small)
    plain = found.to_dict()
    assert plain["ratios"]["CIFAR10"] == {"train_time": 20.0, "train_cost": 10.0, "latency": 4.0, "inference_cost": 1.0}
    assert plain["winners"]["CIFAR10"]["train_cost"] == {"seed": "seed.tsv", "best": "cheap.tsv"}
    assert plain["differ"] == {"CIFAR10": True}
    assert "No entry has both ratios of training: fast.tsv is the fastest, cheap.tsv the cheapest." in str(found)
    assert "fast.tsv meets 94 exactly; --strict asks for more." in str(found)


def test_the_cutoff_is_inclusive(small: Path) -> None:
    for cutoff in ("2018-04-20", "2018-4-20", dt.date(2018, 4, 20), dt.datetime(2018, 4, 20, 0, 0)):
        assert places(small, "train_time", cutoff=cutoff) == [["fast.tsv", 1800], ["seed.tsv", 36_000]]
    assert places(small, "train_time", cutoff="2018-04-19") == [["seed.tsv", 36_000]]
    assert dawnbench(small, cutoff="2017-01-01").to_dict()["ratios"]["CIFAR10"]["train_time"] is None


def test_entries_without_a_date_count_only_without_a_cutoff(small: Path) -> None:
    write_training(small, "when", [(1, 0.2, 95)], timestamp="yesterday")
    assert places(small, "train_time")[0] == ["when.tsv", 720]
    late = dawnbench(small, cutoff="2030-01-01")
    assert late.tasks[0].best("train_time").file == "fast.tsv"  # type: ignore[union-attr]
    assert 'CIFAR10/train/when.json: its timestamp is "yesterday"' in str(late)


def test_problems_of_entries_beyond_the_cutoff_are_not_told(small: Path) -> None:
    assert "quick.json" in str(dawnbench(small).problems)
    assert "quick.json" not in str(dawnbench(small, cutoff="2018-04-19").problems)


def test_strict_asks_for_more_than_the_threshold(small: Path) -> None:
    assert places(small, "train_time", strict=True) == [["fast.tsv", pytest.approx(2160)], ["cheap.tsv", 7200]]
    write_inference(small, "equal", latency=2.0, top1Accuracy=94.0)
    assert places(small, "latency")[0] == ["equal.json", 2.0]
    assert places(small, "latency", strict=True)[0] == ["quick.json", 5.0]


def test_other_thresholds(small: Path) -> None:
    assert places(small, "train_time", thresholds={"CIFAR10": 93.5})[0] == ["none.tsv", 360]
    assert places(small, "latency", thresholds={"CIFAR10": 93.0})[0] == ["poor.json", 1.0]


def test_ties_are_in_the_order_of_their_files(tmp_path: Path) -> None:
    for name in ("b", "c", "a"):
        write_training(tmp_path, name, [(1, 1.0, 95)])
    assert places(tmp_path, "train_time") == [["a.tsv", 3600], ["b.tsv", 3600], ["c.tsv", 3600]]


def test_another_task_is_read_where_a_threshold_is_given(small: Path) -> None:
    write_training(small, "a", "epoch\thours\tmacro_f1\n1\t1.0\t0.8\n", task="trec")
    assert [board.task for board in dawnbench(small).tasks] == ["CIFAR10"]
    assert "trec: it is none of DAWNBench's tasks.  fix: --threshold trec=VALUE" in str(dawnbench(small))
    found = dawnbench(small, thresholds={"trec": 0.8}).to_dict()
    assert found["tasks"]["trec"]["train_time"] == [["a.tsv", 3600]]


def test_what_is_printed_names_no_person(small: Path) -> None:
    found = dawnbench(small)
    said = str(found) + json.dumps(found.to_dict()) + repr(found)
    assert "Ann" not in said
    assert "example.org" not in said


def test_nothing_to_read_is_an_error(small: Path) -> None:
    with pytest.raises(FileError, match="there is no folder"):
        dawnbench(small / "missing")
    with pytest.raises(FileError, match="has no DAWNBench entries"):
        dawnbench(small / "CIFAR10")
    with pytest.raises(OptionError, match="which is no date"):
        dawnbench(small, cutoff="soon")
    with pytest.raises(OptionError, match="has no task Cifar"):
        dawnbench(small, thresholds={"Cifar": 94})
    with pytest.raises(OptionError, match="which is no score"):
        dawnbench(small, thresholds={"CIFAR10": float("nan")})


QUANTITIES = ("train_time", "train_cost", "latency", "inference_cost")
COMPETITION = {
    "ImageNet": (476.61, 22.570, 2.236, 4.457),
    "CIFAR10": (52.32, 32.34, 1.0, 1.0),
    "SQuAD": (9.978, 1.0, 1.0, 1.0),
}
FINAL = {
    "ImageNet": (5575.4, 149.84, 301.2, 23.41),
    "CIFAR10": (965.3, 393.6, 72.75, 11.77),
    "SQuAD": (24.42, 10.19, 13.19, 1.0),
}


@pytest.mark.parametrize(("cutoff", "ratios"), [("2018-04-20", COMPETITION), (None, FINAL)])
def test_the_published_ratios_come_out(shared: Path, cutoff: str | None, ratios: dict[str, tuple[float, ...]]) -> None:
    found = dawnbench(shared / "dawnbench", cutoff=cutoff).to_dict()["ratios"]
    for task, wanted in ratios.items():
        assert [found[task][q] for q in QUANTITIES] == [pytest.approx(ratio, rel=4e-4) for ratio in wanted]


def test_477_times_is_another_entry_than_23_times_and_hangs_on_an_equal_sign(shared: Path) -> None:
    found = dawnbench(shared / "dawnbench", cutoff="2018-04-20")
    plain = found.to_dict()
    assert plain["differ"]["ImageNet"]
    assert plain["winners"]["ImageNet"]["train_time"] == {
        "seed": "dawn_resnet152_b_8k80_ec2_mxnet.tsv",
        "best": "google_resnet50_tpupod_tensorflow18.tsv",
    }
    assert plain["winners"]["ImageNet"]["train_cost"] == {
        "seed": "dawn_resnet152_b_8k80_ec2_mxnet.tsv",
        "best": "google_amoeba_net_d_tpu_tensorflow18.tsv",
    }
    hours = [seconds / 3600 for _, seconds in plain["tasks"]["ImageNet"]["train_time"][:5]]
    assert hours == pytest.approx([0.5119, 1.1088, 1.9732, 2.9577, 3.4318], abs=1e-3)
    strict = dawnbench(shared / "dawnbench", cutoff="2018-04-20", strict=True).to_dict()["ratios"]["ImageNet"]["train_time"]
    assert strict == pytest.approx(452.5, abs=0.05)


def test_squad_at_073_is_another_race(shared: Path) -> None:
    found = dawnbench(shared / "dawnbench", cutoff="2018-04-20", thresholds={"SQuAD": 0.73})
    times = dict(found.to_dict()["tasks"]["SQuAD"]["train_time"])
    assert times["dawn_bidaf_1k80-ec2_tensorflow.tsv"] / 3600 == pytest.approx(3.806, abs=1e-3)

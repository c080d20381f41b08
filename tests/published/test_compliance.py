"""Compliance of MLPerf logs: each rule, broken once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tacit.published.logs import read_log
from tests.published.made import log06, v06, v07, write_log


def reasons(folder: Path, lines: list[str]) -> list[str]:
    return [p.reason for p in read_log(write_log(folder / "result_0.txt", lines), "result_0.txt").problems]


def without(key: str) -> list[str]:
    return [line for line in log06() if f" {key}:" not in line]


def changed(key: str, line: str) -> list[str]:
    return [line if f" {key}:" in old else old for old in log06()]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        *(
            (without(f"submission_{key}"), f"submission_{key} is missing")
            for key in ("org", "platform", "division", "status", "benchmark")
        ),
        (without("cache_clear"), "cache_clear is missing"),
        (without("init_start"), "init_start is missing"),
        (without("init_stop"), "init_stop is missing"),
        (without("eval_accuracy"), "it has no eval_accuracy"),
        ([*log06(), v06("submission_org", -30, "Other")], "submission_org has 2 values"),
        (changed("submission_division", v06("submission_division", -30, "best")), "submission_division is none of closed, open"),
        (
            changed("submission_status", v06("submission_status", -30, "?")),
            "submission_status is none of cloud, onprem, research",
        ),
        (changed("cache_clear", v06("cache_clear", -1)), "cache_clear is after init_start"),
        (changed("init_stop", v06("init_stop", 5)), "init_stop is after run_start"),
        (changed("init_start", v06("init_start", -1261)), "cache_clear is after init_start"),
        ([*log06(), v06("block_stop", 9, first_epoch_num=0)], "block_start and block_stop do not pair: 0"),
        ([*log06(), v06("epoch_start", 9, epoch_num=5), v06("epoch_stop", 10, epoch_num=5)], "its epochs have a gap after 2"),
        ([*log06(), v06("eval_stop", 9, epoch_num=1.5)], "the evaluation of epoch 1.5 has no eval_accuracy"),
        ([*log06(), v06("global_batch_size", 0, 8), v06("global_batch_size", 0, 9)], "global_batch_size has 2 values"),
        ([*log06(), v06("opt_base_learning_rate", 0, -0.1)], "opt_base_learning_rate is -0.1"),
        ([*log06(), v06("opt_name", 0, "lars")], "lars_epsilon is missing, which lars has"),
    ],
)
def test_what_a_log_breaks_is_named_and_its_time_stands(tmp_path: Path, lines: list[str], reason: str) -> None:
    assert reason in reasons(tmp_path, lines)
    assert read_log(tmp_path / "result_0.txt", "a").seconds == pytest.approx(600)


def test_absurd_numbers_are_no_numbers(tmp_path: Path) -> None:
    absurd = 10**400
    lines = [
        v06("epoch_start", 3, epoch_num=absurd),
        v06("global_batch_size", 0, -absurd),
        v06("block_start", 9, first_epoch_num=float("nan")),
    ]
    assert reasons(tmp_path, [*log06(), *lines]) == []


def test_an_epoch_that_starts_anywhere_but_at_first_is_named(tmp_path: Path) -> None:
    lines = [line for line in log06() if "epoch_num" not in line]
    late = [v06(key, at, epoch_num=4) for key, at in (("epoch_start", 1), ("epoch_stop", 2))]
    assert "its first epoch is 4" in reasons(tmp_path, [*lines, *late, v06("eval_accuracy", 3, 0.5, epoch_num=4)])


@pytest.mark.parametrize(
    ("write", "division", "minutes", "wrong"),
    [
        (v06, "closed", 19, False),
        (v06, "open", 21, True),
        (v07, "closed", 29, False),
        (v07, "closed", 31, True),
        (v07, "open", 239, False),
        (v07, "open", 241, True),
    ],
)
def test_the_untimed_start_is_limited(tmp_path: Path, write: Any, division: str, minutes: int, wrong: bool) -> None:
    lines = [
        line.replace("closed", division) for line in log06(write=write) if "init_start" not in line and "cache_clear" not in line
    ]
    lines += [write("cache_clear", -60 * minutes - 1, True), write("init_start", -60 * minutes)]
    said = reasons(tmp_path, lines)
    assert said == ([f"its untimed start took {minutes} minutes"] if wrong else [])


def test_a_run_may_stop_within_its_last_epoch_and_block(tmp_path: Path) -> None:
    open_ = [v06("epoch_start", 599, epoch_num=3), v06("block_start", 599, first_epoch_num=3)]
    assert reasons(tmp_path, [*log06(), *open_]) == []

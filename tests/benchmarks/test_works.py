"""The works of the benchmarks: same rows for every arm, scores by one arithmetic, and a command for each."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rows

import show
from against import ledger
from against.prepare import few, prepare
from against.works import GROUPS, TACIT, Arm, Work, picked

ROOT = Path(__file__).resolve().parents[2]
ARMS = {arm.script: arm for works in GROUPS.values() for work in works for arm in work.arms}


def texts(n: int = 60) -> pd.DataFrame:
    return pd.DataFrame({"text": [f"text {i} {'yes' if i % 2 else 'no'}" for i in range(n)], "label": [i % 2 for i in range(n)]})


@pytest.fixture
def work(tmp_path: Path) -> Work:
    texts().to_parquet(tmp_path / "some.parquet")
    return Work("some", "text", "some.parquet", "label", (), ("text",))


@pytest.mark.parametrize("script", sorted(ARMS))
def test_every_arm_has_its_script_and_its_environment(script: str) -> None:
    assert (ROOT / "benchmarks" / "peers" / script).is_file()
    env = ARMS[script].env
    assert (ROOT / "benchmarks" / "peers" / f"{env}.txt").is_file() if env else ARMS[script].name == TACIT


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks" / "peers").glob("*.txt")), ids=lambda f: f.name)
def test_the_environments_are_exact_and_name_no_host(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or ("==" in line and "://" not in line and "@" not in line), line


def test_a_command_is_named_once() -> None:
    keys = [show.key(c) for c in picked(None, None, None, [0, 1])]
    assert len(keys) == len(set(keys))


def test_arms_of_one_work_and_seed_come_one_after_the_other() -> None:
    order = [(work.name, seed) for _, work, seed, _ in picked("records", None, None, [0, 1])]
    assert len(set(order)) == sum(a != b for a, b in itertools.pairwise(order)) + 1


@pytest.mark.parametrize(
    ("said", "count"), [("tacit", 2), ("tacit@15", 1), ("peers", 3), ("autogluon", 2), ("flaml,tacit@30", 2)]
)
def test_arms_are_picked_by_name_budget_or_part(said: str, count: int) -> None:
    assert len(list(picked("records", "adult", said, [0]))) == count


def test_the_rows_of_a_seed_are_the_same_again_and_split_70_to_30(tmp_path: Path, work: Work) -> None:
    first, again = (prepare(work, 0, tmp_path, tmp_path / home) for home in ("a", "b"))
    one, two = rows.read(first), rows.read(again)
    assert one.train.equals(two.train)
    assert one.test.equals(two.test)
    assert (len(one.train), len(one.test)) == (42, 18)
    assert not set(one.train["text"]) & set(one.test["text"])
    assert one.test["label"].value_counts().tolist() == [9, 9]
    assert not rows.read(prepare(work, 1, tmp_path, tmp_path / "a")).train.equals(one.train)


def test_few_labels_are_so_many_of_each_class_and_no_test_row() -> None:
    train, test = few(texts(5000), 8, seed=1)
    assert train["label"].value_counts().tolist() == [8, 8]
    assert len(test) == 2000
    assert not set(train.index) & set(test.index)


def test_scores_are_accuracy_and_r2() -> None:
    assert rows.score("accuracy", [1, "b", "c"], ["1", "b", "d"]) == pytest.approx(2 / 3)
    y = np.array([1.0, 2.0, 4.0])
    assert rows.score("r2", list(y), list(y)) == 1
    assert rows.score("r2", [y.mean()] * 3, list(y)) == pytest.approx(0)
    with pytest.raises(ValueError, match="2 answers for 3 rows"):
        rows.score("accuracy", ["a", "b"], ["a", "b", "c"])


def test_one_command_from_its_rows_to_its_line(tmp_path: Path, work: Work) -> None:
    folder = prepare(work, 0, tmp_path, tmp_path / "rows")
    script = ROOT / "benchmarks" / "peers" / "by_tfidf.py"
    command = [sys.executable, str(script), "--data", str(folder), "--budget", "5", "--seed", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = json.loads(done.stdout.splitlines()[-1])
    assert line["score"] == 1
    assert line["seconds"] >= line["fit_s"] > 0
    assert (line["train_rows"], line["test_rows"]) == (42, 18)


def test_without_arguments_it_prints_and_runs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    command = [sys.executable, str(ROOT / "benchmarks" / "show.py"), "--ledger", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "The ledger is empty." in done.stdout
    assert "next: python benchmarks/show.py --plan" in done.stdout
    assert not file.exists()


@pytest.fixture
def tried(tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Call `main` with a work of one arm whose script is given; the ledger's rows come back."""

    def call(script: str, *options: str) -> list[dict[str, Any]]:
        (tmp_path / "arm.py").write_text(script)
        tiny = dataclasses.replace(work, arms=(Arm("an arm", "arm.py", "", 1),))
        monkeypatch.setattr(show, "SCRIPTS", tmp_path)
        monkeypatch.setattr(show, "picked", lambda *_: iter([("few", tiny, 0, tiny.arms[0])]))
        monkeypatch.setattr(show, "PEERS", tmp_path / "peers")
        ledger_file = tmp_path / "ledger.jsonl"
        monkeypatch.setattr(sys, "argv", ["show.py", "--run", "--data", str(tmp_path), "--ledger", str(ledger_file), *options])
        with contextlib.suppress(SystemExit):
            show.main()
        return ledger.read(ledger_file)

    return call


def test_what_finished_is_not_run_again_unless_asked(tmp_path: Path, tried: Callable[..., list[dict[str, Any]]]) -> None:
    script = "import json; print(json.dumps({'score': 0.5, 'seconds': 0.1}))"
    (row,) = tried(script)
    assert (row["score"], row["returncode"], row["why"]) == (0.5, 0, None)
    assert {"when", "commit", "dirty", "command", "wall_s", "cpu_s", "peak_rss_mb"} <= set(row)
    assert set(row["machine"]) == {"processor", "cores", "memory_gb", "python"}
    assert str(tmp_path) not in json.dumps(row)
    assert len(tried(script)) == 1
    assert len(tried(script, "--again")) == 2


def test_what_failed_is_noted_and_run_again_when_asked(tried: Callable[..., list[dict[str, Any]]]) -> None:
    (row,) = tried("raise SystemExit('no luck with /a/folder/some.parquet')")
    assert (row["returncode"], row["why"]) == (1, "no luck with some.parquet")
    assert len(tried("print()")) == 1
    assert len(tried("print()", "--retry")) == 2


def test_what_was_interrupted_is_noted_and_run_again(
    tried: Callable[..., list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(show.turns, "run", stop)
        (row,) = tried("print()")
    assert row["why"] == "interrupted"
    assert [r["why"] for r in tried("raise SystemExit('later')")] == ["interrupted", "later"]

"""A task is trained to a target again and again: real processes, real ledger."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tacit
from tacit.benchmarking import Arm, bench
from tacit.benchmarking.policies import PHASES
from tacit.errors import OptionError, TrainingError, UnknownTask

TASK = '''
from typing import Literal
from tacit import Text, task

@task
def tone(text: Text) -> Literal["glad", "sad"]:
    """Is it glad or sad?"""
'''

WORDS = {"glad": "fine good lovely warm", "sad": "grim cold awful bleak"}


def rows(first: int, last: int) -> list[dict[str, str]]:
    return [
        {"text": f"{word} day number {i}", "tone": name}
        for i in range(first, last)
        for name, some in WORDS.items()
        for word in some.split()
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "tone.py").write_text(TASK)
    (tmp_path / "pyproject.toml").write_text("[tool.tacit]\nprice_per_hour = 3.6\n")
    tacit.open(tmp_path)
    tacit.add("tone", rows(0, 30), label="tone")
    tacit.add("tone", rows(30, 40), label="tone", split="test")
    return tmp_path


def test_each_run_starts_from_nothing_and_is_a_line_and_the_project_stays_as_it_was(project: Path) -> None:
    found = bench("tone", target=0.8, runs=2, budget=20, arms=[Arm("fast", ("tfidf-linear",)), Arm("usual", to_target=False)])

    lines = (project / "bench" / "ledger.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == json.loads(json.dumps([r.to_dict() for r in found.records]))
    assert [(r.arm, r.turn, r.seed) for r in found.records] == [("fast", 0, 0), ("usual", 0, 0), ("usual", 1, 1), ("fast", 1, 1)]
    for run in found.records:
        assert run.seconds_to(0.8, "all") is not None
        assert sum(run.phases.values()) == pytest.approx(run.seconds, rel=0.05)
        assert run.phases["init"] > 0.05
        assert run.fresh is not None
        assert run.fresh > 0.8
        assert 0 < run.own <= 240
        assert run.fresh_rows == 80
        assert run.price == {"machine": "this machine", "usd_per_hour": 3.6, "source": "pyproject.toml", "date": None}
        assert run.latency is not None
    assert {r.status for r in found.records if r.arm == "fast"} == {"target"}
    assert {r.learner for r in found.records if r.arm == "fast"} == {"tfidf-linear"}
    assert "target" not in {r.status for r in found.records if r.arm == "usual"}
    assert len({r.data for r in found.records}) == len({r.test for r in found.records}) == 1
    store = tacit.open(project).store
    assert store.runs("tone") == []
    assert store.models("tone") == []


def test_what_the_phases_add_up_to_is_what_a_policy_counts(project: Path) -> None:
    (run,) = bench("tone", target=0.8, runs=1, budget=20, arms=[Arm("fast", ("tfidf-linear",))]).records

    assert set(run.phases) == set(PHASES)
    whole, trained = run.seconds_to(0.8, "all"), run.seconds_to(0.8, "train")
    assert whole is not None
    assert trained is not None
    assert 0 < trained < whole <= run.seconds


def test_a_run_that_fails_at_once_is_on_record_and_says_why(project: Path) -> None:
    there = "\nimport sys\nif sys.argv[0].endswith('worker.py'): raise ValueError('not here')\n"
    (project / "tasks" / "tone.py").write_text(TASK + there)

    with pytest.raises(TrainingError, match=r"first run of tone failed: .*not here.*tacit train tone --budget 5"):
        bench("tone", target=0.8, runs=3, budget=5)

    (line,) = (project / "bench" / "ledger.jsonl").read_text().splitlines()
    assert json.loads(line)["status"] == "failed"


def test_ctrl_c_ends_the_run_and_keeps_what_was_done(project: Path) -> None:
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from tacit.benchmarking import Arm, bench\n"
        "found = bench('tone', target=0.8, runs=100, budget=20, arms=[Arm('fast', ('tfidf-linear',))])\n"
        "print([r.status for r in found.records])"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=project, stdout=subprocess.PIPE, text=True)
    file = project / "bench" / "ledger.jsonl"
    end = time.monotonic() + 120
    while not (file.exists() and file.read_text().count("\n") >= 2) and time.monotonic() < end:
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)

    done = [json.loads(line)["status"] for line in file.read_text().splitlines()]
    assert process.returncode == 0
    assert done[-1] == "interrupted"
    assert said.strip() == str(done[:-1])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"runs": 0}, "runs is 0; it is 1 to 1,000"),
        ({"name": "a/b"}, 'name is "a/b"; it is text without'),
        ({"arms": [Arm("a"), Arm("a")]}, "two arms are named a"),
        ({"arms": [Arm("a:b")]}, 'an arm is named "a:b"'),
        ({"arms": [Arm("a", ("tfidf",))]}, 'no learner "tfidf" for tone.*--arm a=tfidf-linear'),
        ({"machine": "p3"}, 'no price of "p3"'),
        ({"metric": "accurcy"}, "accurcy"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_runs(project: Path, options: dict[str, object], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        bench("tone", target=0.8, **options)  # type: ignore[arg-type]

    assert not (project / "bench").exists()


def test_a_task_of_no_file_cannot_be_found_by_another_process(project: Path) -> None:
    @tacit.task
    def elsewhere(text: tacit.Text) -> bool: ...

    with pytest.raises(UnknownTask, match=r"elsewhere is not declared in tasks/\*.py.*tasks/elsewhere.py"):
        bench(elsewhere, target=0.8)

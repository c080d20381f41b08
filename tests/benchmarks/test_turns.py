"""A command of the benchmarks is watched, and killed with its children when it is far too late."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from against import turns

FIGURES = "import json; print('noise'); print(json.dumps({'score': 0.5}))"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_last_line_of_json_is_what_it_said() -> None:
    ended = turns.run(python(FIGURES), limit_s=20)
    assert (ended.returncode, ended.why, ended.said) == (0, None, {"score": 0.5})
    assert ended.peak_rss_mb > 1


def test_one_that_fails_says_why_in_its_last_words() -> None:
    ended = turns.run(python("import sys; sys.exit('the reason')"), limit_s=20)
    assert (ended.returncode, ended.why, ended.said) == (1, "the reason", {})


def test_one_that_says_nothing_did_not_finish() -> None:
    ended = turns.run(python("print('no figures')"), limit_s=20)
    assert ended.why == "it printed no line of figures"


def test_one_that_is_late_is_killed_with_its_children(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    child = f"import time, pathlib; time.sleep(2.5); pathlib.Path({str(sign)!r}).touch()"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(30)"
    ended = turns.run(python(code), limit_s=0.8)
    assert ended.why == "killed after 1 s"
    assert ended.wall_s < 10
    time.sleep(2.5)
    assert not sign.exists()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc, which this system lacks")
def test_memory_of_children_is_counted() -> None:
    child = "x = b'1' * 150_000_000; import time; time.sleep(1.2); print(len(x))"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); x = 1; {FIGURES}"
    assert turns.run(python(code), limit_s=30).peak_rss_mb > 150


def test_a_turn_waits_for_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with turns.turn(lock), open(lock, "a") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with turns.turn(None), open(lock, "a") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="what others compute is read from /proc, which this system lacks")
def test_what_others_compute_meanwhile_is_told_apart() -> None:
    burn = "import time; t = time.process_time()\nwhile time.process_time() - t < 1.0: pass"
    other = subprocess.Popen(python(burn))
    ended = turns.run(python(f"import time; time.sleep(1.5); {FIGURES}"), limit_s=30)
    other.wait()
    assert ended.others_cpu_s is not None
    assert ended.others_cpu_s > 0.3
    assert ended.cpu_s < 1

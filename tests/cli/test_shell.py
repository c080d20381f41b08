"""console and completion, run as programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TACIT = str(Path(sys.executable).with_name("tacit"))
TASK = "from tacit import task\n\n@task\ndef spam(text: str) -> bool:\n    '?'\n"


@pytest.fixture
def shop(folder: Path) -> Path:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "spam.py").write_text(TASK, encoding="utf-8")
    return folder


def test_the_console_has_the_project_and_its_tasks_by_name(shop: Path) -> None:
    lines = "print(spam.name, project.root.name, store.count('spam').examples, tacit.choices(spam))\n"
    done = subprocess.run([TACIT, "console"], input=lines, capture_output=True, text=True, check=True)
    assert f"spam {shop.name} 0 ['linear', 'tfidf-linear'" in done.stdout
    assert "    spam(text: str) -> bool\n    tacit, project, store" in done.stderr


def test_a_console_with_a_broken_task_file_says_what_to_mend(shop: Path) -> None:
    (shop / "tasks" / "a.py").write_text("def broken(:", encoding="utf-8")
    done = subprocess.run([TACIT, "console"], input="", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "next: mend a.py" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_one_that_it_can_read(folder: Path, shell: str) -> None:
    done = subprocess.run([TACIT, "completion", shell], capture_output=True, text=True, check=True)
    assert "_TACIT_COMPLETE" in done.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.stdout, text=True, check=True)


def test_tab_in_bash_completes_a_task(shop: Path) -> None:
    if not shutil.which("bash"):
        pytest.skip("there is no bash here")
    script = 'eval "$(tacit completion bash)"; COMP_WORDS=(tacit train s); COMP_CWORD=2; _tacit_completion tacit; echo "${COMPREPLY[*]}"'
    path = f"{Path(TACIT).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=os.environ | {"PATH": path})
    assert done.stdout.split() == ["spam"]

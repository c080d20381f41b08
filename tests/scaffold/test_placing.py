"""Where a project may go, and that it is there whole or not at all."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import tacit
from tacit.errors import FileError, OptionError
from tacit.scaffold.placing import place, write


@pytest.mark.parametrize(
    "name", ["../x", "a b", "class", "", ".", "a/b", "/tmp/x", "1st", "-x", "ä", "x" * 64, "a\n", "None", "a.b"]
)
def test_a_bad_name_is_refused_with_one_that_works(folder: Path, name: str) -> None:
    with pytest.raises(OptionError, match="cannot name a project") as caught:
        place(name)
    offered = caught.value.next.removeprefix("tacit new ")
    assert place(offered) == folder / offered


def test_a_folder_that_is_there_has_to_be_empty(folder: Path) -> None:
    (folder / "shop").mkdir()
    assert place("shop") == folder / "shop"
    (folder / "shop" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OptionError, match="a folder shop already") as caught:
        place("shop")
    assert caught.value.next == "tacit new shop_2"
    (folder / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OptionError, match="a file file already"):
        place("file")
    (folder / "link").symlink_to(folder / "nowhere")
    with pytest.raises(OptionError, match="already"):
        place("link")


@pytest.mark.parametrize("inside", [".", "tasks", "tasks/deep"])
def test_a_project_is_not_made_inside_a_project(folder: Path, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    tacit.new("shop")
    (folder / "shop" / "tasks" / "deep").mkdir()
    monkeypatch.chdir(folder / "shop" / inside)
    with pytest.raises(OptionError, match="inside the project") as caught:
        tacit.new("other")
    assert caught.value.next == f"cd {folder} && tacit new other"
    monkeypatch.chdir(folder)
    assert tacit.new("other").folder.is_dir()


def test_a_current_folder_that_is_gone_is_said_to_be_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    with pytest.raises(FileError, match="cannot be made here"):
        tacit.new("shop")


def test_an_empty_folder_is_filled(folder: Path) -> None:
    (folder / "shop").mkdir()
    write(folder / "shop", {"a/b.txt": "text", "c.bin": b"\x00"})
    assert (folder / "shop" / "a" / "b.txt").read_text(encoding="utf-8") == "text"
    assert os.listdir(folder) == ["shop"]


def test_files_have_the_permissions_that_new_files_have(folder: Path) -> None:
    source = folder / "locked.csv"
    source.write_text("a\n", encoding="utf-8")
    source.chmod(0o400)
    write(folder / "shop", {"data/locked.csv": source})
    plain = folder / "plain"
    plain.mkdir()
    assert stat.S_IMODE((folder / "shop").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert (folder / "shop" / "data" / "locked.csv").stat().st_mode & stat.S_IWUSR


def test_a_failure_leaves_nothing(folder: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        write(folder / "shop", {"a.txt": "x", "b.txt": folder / "gone.csv"})
    assert os.listdir(folder) == []


def test_a_folder_that_filled_up_meanwhile_is_left_alone(folder: Path) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FileError, match="cannot be written"):
        write(folder / "shop", {"a.txt": "x"})
    assert os.listdir(folder / "shop") == ["mine.txt"]
    assert os.listdir(folder) == ["shop"]


def test_a_full_disk_leaves_nothing(folder: Path) -> None:
    (folder / "big.csv").write_text("size,label\n" + "".join(f"{i}.5,{'ab'[i % 2]}\n" for i in range(20_000)), encoding="utf-8")
    code = "import tacit; tacit.new('shop', like='big.csv', label='label')"

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, check=False, preexec_fn=small_files_only
    )
    assert "FileError" in done.stderr
    assert "cannot be written (File too large)" in done.stderr
    assert os.listdir(folder) == ["big.csv"]


def test_a_read_only_folder_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write anywhere but into /proc.
    locked = Path("/proc") if os.geteuid() == 0 else folder / "locked"
    if not locked.exists():
        locked.mkdir(mode=0o500)
    monkeypatch.chdir(locked)
    assert tacit.new("shop", pretend=True).pretended
    with pytest.raises(FileError, match="cannot be written") as caught:
        tacit.new("shop")
    assert f"ls -ld {locked}" in caught.value.next

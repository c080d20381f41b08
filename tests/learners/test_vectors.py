"""Vectors outlive a process, and damage, other processes and full disks cost time, not answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tacit.learners import vectors
from tacit.learners.vectors import Vectors, apart, held_apart, key_of


def made(*names: str) -> dict[bytes, np.ndarray]:
    return {key_of(name): np.full(4, len(name), np.float16) for name in names}


def test_a_content_is_named_by_what_it_holds() -> None:
    assert key_of("a") == key_of("a") == key_of(b"a") != key_of("b")
    assert len(key_of("\ud800")) == 16  # half a surrogate pair, which files from elsewhere hold


def test_what_was_kept_is_known_to_the_next_process(tmp_path: Path) -> None:
    Vectors().keep(made("one", "three"), tmp_path)
    found = Vectors().known(made("one", "three", "four"), tmp_path)
    assert sorted(v.tolist() for v in found.values()) == [[3.0] * 4, [5.0] * 4]
    assert {v.dtype for v in found.values()} == {np.dtype(np.float16)}
    assert Vectors().known(made("one")) == {}


def test_what_the_folder_has_is_not_written_again(tmp_path: Path) -> None:
    store = Vectors()
    store.keep(made("one"), tmp_path)
    store.keep(made("one"), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    Vectors().keep(made("one", "three"), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b[:-300] + b"\0" * 300, lambda b: b"x" * 99]
)
def test_a_damaged_file_counts_as_none(tmp_path: Path, damage: object) -> None:
    Vectors().keep(made("one"), tmp_path)
    Vectors().keep(made("three"), tmp_path)
    path = sorted(tmp_path.glob("*.npz"))[0]
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    store = Vectors()
    assert list(store.known(made("one", "three"), tmp_path)) == [key_of("three")]
    store.keep(made("one"), tmp_path)
    assert len(Vectors().known(made("one", "three"), tmp_path)) == 2


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    Vectors().keep(made("one"), tmp_path)
    (path,) = tmp_path.glob("*.npz")
    whole = bytearray(path.read_bytes())
    whole[whole.index(np.full(4, 3, np.float16).tobytes())] ^= 1
    path.write_bytes(whole)
    assert Vectors().known(made("one"), tmp_path) == {}


def test_many_files_become_one(tmp_path: Path) -> None:
    names = ["x" * i for i in range(1, 20)]
    for name in names:
        Vectors().keep(made(name), tmp_path)
    assert len(list(tmp_path.iterdir())) < 17
    found = Vectors().known(made(*names), tmp_path)
    assert all(found[key_of(name)][0] == len(name) for name in names)


def test_a_folder_is_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    store = Vectors(disk=3_000)
    for i in range(1, 9):
        store.keep(made("x" * i), tmp_path)
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 3_000
    found = Vectors().known(made(*("x" * i for i in range(1, 9))), tmp_path)
    assert key_of("x" * 8) in found
    assert key_of("x") not in found


def test_memory_is_bounded() -> None:
    store = Vectors(memory=100)
    store.hold(made(*("x" * i for i in range(1, 50))))
    found = store.known(made(*("x" * i for i in range(1, 50))))
    assert 1 <= len(found) <= 4
    assert key_of("x" * 49) in found


def test_files_that_vanish_are_missed_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Vectors().keep(made("one"), tmp_path)
    monkeypatch.setattr(vectors, "_files", lambda folder: [tmp_path / "gone.npz", *sorted(folder.glob("*.npz"))])
    assert list(Vectors().known(made("one"), tmp_path)) == [key_of("one")]


def test_a_folder_that_cannot_be_written_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Vectors()
    store.keep(made("one"), tmp_path / "file")
    assert store.known(made("one"), tmp_path / "file") == {}


def test_two_processes_can_write_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; import numpy as np; from pathlib import Path; from tacit.learners.vectors import Vectors, apart, held_apart, key_of\n"
        "for i in range(30): Vectors().keep({key_of(sys.argv[2] + str(i)): np.full(4, i, np.float16)}, Path(sys.argv[1]))"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    found = Vectors().known([key_of(f"{name}{i}") for name in "ab" for i in range(30)], tmp_path)
    # What one process writes while the other merges may be made again later, but is never wrong.
    assert len(found) >= 55
    assert all(found[key_of(f"{name}{i}")][0] == i for name in "ab" for i in range(30) if key_of(f"{name}{i}") in found)


def test_apart_knows_only_what_it_made_itself_also_when_it_comes_back() -> None:
    first: dict[str, Vectors] = {}
    second: dict[str, Vectors] = {}
    assert held_apart("net") is None
    with apart(first):
        mine = held_apart("net")
        assert mine is not None
        mine.hold(made("one"))
        with apart(second):
            assert held_apart("net") is not mine
        assert held_apart("net") is mine
    with apart(first):
        assert held_apart("net") is mine
    assert held_apart("net") is None

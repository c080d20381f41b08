"""Fixtures that many tests share: real folders, and small data made by code."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

import tacit
from tacit.project import close

# The same examples in every run: a failure that comes and goes teaches people to look away.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data sets that some machines have beside the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the data sets are not on this machine ({folder})")
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one; no project is open."""
    close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def project(folder: Path) -> Any:
    """An open project in an empty folder."""
    return tacit.open(folder)


@pytest.fixture(scope="session")
def tiny_reviews() -> list[dict[str, str]]:
    """60 reviews, half of them "positive"; one word in each gives it away."""
    chance = random.Random(0)
    glad, sad = ["great", "lovely", "superb", "fun"], ["awful", "boring", "refund", "poor"]
    openings, things = ["I saw", "we watched", "they showed"], ["the film", "this show", "that play", "the concert"]
    rows = []
    for i in range(60):
        label, words = ("positive", glad) if i % 2 else ("negative", sad)
        review = f"{chance.choice(openings)} {chance.choice(things)} on day {i}, {chance.choice(words)} from start to end"
        rows.append({"review": review, "label": label})
    return rows


@pytest.fixture(scope="session")
def tiny_table() -> list[dict[str, Any]]:
    """90 rows of a number, a category and a number with gaps; "label" follows from the first two, "price" from all."""
    chance = np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    for _ in range(90):
        size, town = float(chance.uniform(20, 200)), str(chance.choice(["north", "south"]))
        age = None if chance.random() < 0.2 else int(chance.integers(0, 80))
        price = 2 * size + (50 if town == "north" else 0) - (age or 0)
        label = "dear" if size > 110 or (town == "north" and size > 80) else "cheap"
        rows.append({"size": size, "town": town, "age": age, "label": label, "price": price})
    return rows


@pytest.fixture(scope="session")
def tiny_pictures() -> list[dict[str, Any]]:
    """40 pictures of 16 x 16 x 3 uint8 with noise, "left" or "right" by which half is bright."""
    chance = np.random.default_rng(0)
    rows = []
    for i in range(40):
        photo = chance.integers(0, 60, (16, 16, 3), dtype=np.uint8)
        half = slice(0, 8) if i % 2 else slice(8, 16)
        photo[:, half] += 150
        rows.append({"photo": photo, "label": "left" if i % 2 else "right"})
    return rows

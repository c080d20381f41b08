"""Fixtures of the scaffold: files that projects are made like."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

TOWNS = ("north", "south", "east")


@pytest.fixture
def customers(folder: Path) -> Path:
    """120 rows with a key, numbers with gaps, a category, a date, odd names and two classes."""
    draw = random.Random(0)
    lines = ['customer_id,age,Home town,since,"Umsatz in €",class,kind,outcome']
    for i in range(120):
        spent = "" if i % 9 == 0 else f"{draw.uniform(1, 100):.2f}"
        cells = [1000 + i, draw.randint(18, 80), draw.choice(TOWNS), f"2026-01-{1 + i % 28:02}", spent, draw.randint(1, 3), "x"]
        lines.append(",".join(map(str, cells)) + f",{'stays' if i % 3 else 'leaves'}")
    file = folder / "customers.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file

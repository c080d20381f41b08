"""An audit as one file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tacit
from tacit import Image, task
from tacit.cli.main import main
from tacit.pages.audit_file import audit_file
from tests.cli.test_auditing import shop  # noqa: F401  # a fixture
from tests.test_auditing import reviews


def test_the_command_writes_a_page_that_needs_nothing_else(shop: Path, capsys: Any) -> None:  # noqa: F811
    assert main(["audit", "sentiment", "--html", "audit.html"]) == 0
    text = (shop / "audit.html").read_text(encoding="utf-8")
    assert "Mr. Brown" in text
    assert "<mark>" in text
    assert "Whom it fails" in text
    assert re.findall(r'(?:src|href|action)="(?!data:)', text) == []
    assert "<script" not in text
    assert "{{" not in text
    assert main(["audit", "sentiment", "--html", "nowhere/audit.html"]) == 2
    assert "mkdir -p" in capsys.readouterr().err


def test_pictures_are_in_it_and_it_stays_small(project: Any) -> None:
    @task
    def marked(photo: Image) -> bool:
        """Is it?"""

    rng = np.random.default_rng(0)
    rows = []
    for i in range(300):
        pixels = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
        if rng.random() < (0.9 if i % 2 else 0.1):
            pixels[4:12, 4:12] = (255, 0, 255)
        rows.append({"photo": pixels, "l": bool(i % 2)})
    tacit.add(marked, rows, label="l")
    tacit.train(marked, budget=20, learners=["pixels-linear"])
    found = tacit.audit(marked)
    assert "magenta" in str(found.associations[0].cue)
    text = audit_file(project, marked, found)
    assert text.count("data:image/png;base64,") >= 12
    assert len(text.encode()) < 5_000_000


def test_of_rows_that_were_given_it_says_that_they_are_not_kept(shop: Path) -> None:  # noqa: F811
    lines = [f'"{r["review"]}",{r["label"]}' for r in reviews(300, 0.5, 0.02, seed=9)]
    (shop / "rows.csv").write_text("\n".join(["review,label", *lines]), encoding="utf-8")
    assert main(["audit", "sentiment", "rows.csv", "--label", "label", "--html", "audit.html"]) == 0
    text = (shop / "audit.html").read_text(encoding="utf-8")
    assert "Mr. Brown" in text
    assert "Rows that were given are not kept" in text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "</style><b>", "{{ 7 * 7 }}"])
def test_what_rows_say_stays_text(project: Any, hostile: str) -> None:
    @task
    def kind(text: str) -> bool:
        """Is it?"""

    tacit.add(kind, [{"text": f"{hostile if i % 2 else 'plain'} w{i}", "l": bool(i % 2)} for i in range(60)], label="l")
    tacit.train(kind, budget=20, learners=["tfidf-linear"])
    text = audit_file(project, kind, tacit.audit(kind))
    assert "<script>" not in text
    assert "</style><b>" not in text
    assert "49" not in re.findall(r">(49)<", text)


def test_of_a_number_it_has_groups_and_repeated_rows_and_no_cues(project: Any) -> None:
    @task
    def price(size: float, rooms: float) -> float:
        """What does it cost?"""

    rng = np.random.default_rng(0)
    rows = [
        {"size": s, "rooms": r, "l": 9 * s + r, "town": "ab"[i % 2]} for i, (s, r) in enumerate(rng.normal(size=(80, 2)).tolist())
    ]
    tacit.add(price, [*rows, {**rows[0], "size": rows[0]["size"] + 1e-6}], label="l", keep=["town"])
    tacit.train(price, budget=20, learners=["linear"])
    text = audit_file(project, price, tacit.audit(price, groups=["town"], metric="mae"))
    assert "mae on rows that training kept apart" in text
    assert "town is a" in text
    assert "2 rows are equal or nearly so, in 1 set." in text
    assert "What it leans on" not in text

"""A model card as one file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tacit.cli.main import main
from tacit.errors import FileError
from tacit.modelcards import ModelCard, Section
from tacit.pages.card_file import card_file, check_card
from tests.cli.test_auditing import shop  # noqa: F401  # a fixture


def test_the_command_writes_markdown_or_a_page_that_needs_nothing_else(shop: Path, capsys: Any) -> None:  # noqa: F811
    assert main(["audit", "sentiment", "--card", "card.md"]) == 0
    assert (shop / "card.md").read_text(encoding="utf-8").startswith("# Model card of sentiment\n\n## What it answers\n")
    assert main(["audit", "sentiment", "--card", "card.html"]) == 0
    text = (shop / "card.html").read_text(encoding="utf-8")
    assert "<h1>Model card of sentiment</h1>" in text
    assert "Mr. Brown" in text
    assert re.findall(r'(?:src|href|action)="(?!data:)', text) == []
    assert re.findall(r"<h2>[^<]*</h2>\s*</section>", text) == []
    assert "<script" not in text


def test_nothing_in_it_is_markup(project: Any) -> None:
    card = ModelCard("<b>", (Section("</h2>", ("<script>1</script>",), "</code>{{ 7 * 7 }}", ("a",), (("<i>",),)),))
    text = card_file(project, card, Path("card.html"))
    assert "<script>" not in text
    assert "<b>" not in text
    assert "<i>" not in text
    assert "{{ 7 * 7 }}" in text


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(FileError, match=r"--card card\.md"):
        check_card(Path("card.pdf"))

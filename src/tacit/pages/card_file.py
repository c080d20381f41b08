"""A model card as one file, Markdown or HTML, by its ending: nothing in it is fetched from anywhere."""

from __future__ import annotations

from pathlib import Path

from tacit.errors import FileError
from tacit.modelcards import ModelCard
from tacit.pages.shell import Shell
from tacit.project import Project

__all__ = ["card_file", "check_card"]

_ENDINGS = (".md", ".html")


def check_card(path: Path) -> None:
    """Raise `FileError` unless a card is written as files of this ending are."""
    if path.suffix.lower() not in _ENDINGS:
        raise FileError(
            f"{path} is of a kind that a card is not written as",
            right="it ends in .md or .html",
            next=f"--card {path.stem or 'card'}.md",
        )


def card_file(project: Project, card: ModelCard, path: Path) -> str:
    """What is to stand in a file of this ending."""
    return card.markdown() if path.suffix.lower() == ".md" else Shell(project).file("card_file.html", card=card)

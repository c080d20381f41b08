"""The texts that become files of a project; `$name` stands for what is filled in."""

from __future__ import annotations

import string
from importlib.resources import files

__all__ = ["filled"]


def filled(template: str, **parts: object) -> str:
    """A template with its parts filled in. What is filled in is not read again: a `$` in it stays one."""
    text = (files(__name__) / f"{template}.txt").read_text(encoding="utf-8")
    return string.Template(text).substitute({name: str(part) for name, part in parts.items()})

"""Kinds and values as Python source. Everything from a file goes through `repr`, so that data stays data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tacit.types import Category, Kind, Maybe, Moment, VectorKind

__all__ = ["annotation", "dictionary", "imports", "items", "value"]

_WIDTH = 100


def value(of: Any) -> str:
    """A value as Python source, text in double quotes where that needs no escape.

    Example:
        >>> value("ham"), value(7)
        ('"ham"', '7')
    """
    written = repr(of)
    return f'"{written[1:-1]}"' if isinstance(of, str) and written[0] == "'" and '"' not in written else written


def annotation(kind: Kind, *, indent: int = 0, used: int = 0) -> str:
    """A kind as Python source; a `Literal` that is too long for its line is broken.

    Arguments:
        kind: What is annotated.
        indent: How far the line is indented, in characters.
        used: How many characters of the line come before.
    """
    if isinstance(kind, Maybe):
        return f"{annotation(kind.kind, indent=indent, used=used + 7)} | None"
    if isinstance(kind, Category) and kind.written != "bool":
        whole = f"Literal[{', '.join(map(value, kind.classes))}]"
        if used + len(whole) <= _WIDTH:
            return whole
        return "Literal[\n" + items(map(value, kind.classes), indent + 4) + "\n" + " " * indent + "]"
    return f"dt.{kind}" if isinstance(kind, Moment) else str(kind)


def items(sources: Iterable[str], indent: int) -> str:
    """Pieces of source with commas behind them, as many on a line as fit."""
    lines = [""]
    for source in sources:
        if lines[-1] and indent + len(lines[-1]) + len(source) + 2 > _WIDTH:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + f"{source},"
    return "\n".join(" " * indent + line for line in lines)


def dictionary(of: Mapping[str, str], indent: int = 0) -> str:
    """A dict as Python source, a key on a line; its values are source already."""
    inner = "".join(f"{' ' * (indent + 4)}{value(key)}: {source},\n" for key, source in of.items())
    return "{\n" + inner + " " * indent + "}"


def imports(kinds: Sequence[Kind], *, record: bool) -> str:
    """The imports of a task file with these kinds."""
    bare = [k.kind if isinstance(k, Maybe) else k for k in kinds]
    standard = []
    if any(isinstance(k, Moment) for k in bare):
        standard.append("import datetime as dt")
    if record:
        standard.append("from dataclasses import dataclass")
    if any(isinstance(k, Category) and k.written != "bool" for k in bare):
        standard.append("from typing import Literal")
    words = {"Vector" if isinstance(k, VectorKind) else str(k) for k in bare}
    ours = f"from tacit import {', '.join([*sorted(words & {'Id', 'Image', 'Text', 'Vector'}), 'task'])}"
    return "\n".join([*standard, "", ours] if standard else [ours])

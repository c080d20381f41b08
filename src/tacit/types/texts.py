"""Kinds made of characters: text, words and spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tacit.errors import quote
from tacit.types.contract import MAX_CHARACTERS, Kind, Unfit, is_missing, plain, shown, sound_text
from tacit.types.marks import Span
from tacit.types.scalars import Category

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MAX_CHARACTERS", "SpanList", "TextKind", "Words"]


@dataclass(frozen=True)
class TextKind(Kind):
    """Text.

    Attributes:
        written: "Text" (never a category), "str" (a category where it has few distinct values) or "list[Character]".
    """

    role: ClassVar[str] = "text"
    written: str = "Text"

    def missing(self, value: Any) -> bool:
        return is_missing(value) or (isinstance(value, str) and value.isspace())

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            if is_missing(value):
                raise Unfit("is missing")
            value = plain(value)
            if isinstance(value, list | tuple) and all(isinstance(c, str) and len(c) == 1 for c in value):
                value = "".join(value)
            elif self.written == "str" and isinstance(value, bool | int | float) and abs(value) < 2**63:
                # A code such as 94110 that a reader took for a number, or for a float in a column with gaps.
                value = str(int(value) if isinstance(value, float) and value.is_integer() else value)
            else:
                raise Unfit(f"is {shown(value)}, not text")
        if not value or value.isspace():
            raise Unfit("is empty")
        return sound_text(value)

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.string()

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True)
class Words(Kind):
    """`tuple[Word, ...]`: words in order."""

    role: ClassVar[str] = "words"

    def parse(self, value: Any) -> tuple[str, ...]:
        if is_missing(value):
            raise Unfit("is missing")
        words = sound_text(value).split() if isinstance(value, str) else plain(value)
        if not isinstance(words, list | tuple) or not all(isinstance(w, str) for w in words):
            raise Unfit(f"is {shown(value)}; words are text, or a list of text")
        if any(not w or w.isspace() for w in words):
            raise Unfit("holds an empty word")
        if sum(map(len, words)) > MAX_CHARACTERS:
            raise Unfit(f"has more than {MAX_CHARACTERS:,} characters")
        return tuple(sound_text(w) for w in words)

    def to_json(self, value: Any) -> list[str]:
        return list(value)

    def from_json(self, data: Any) -> tuple[str, ...]:
        return tuple(data)

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.list_(pa.string())

    def __str__(self) -> str:
        return "tuple[Word, ...]"


@dataclass(frozen=True)
class SpanList(Kind):
    """`list[Span[Literal[...]]]`: labeled stretches of a text input."""

    role: ClassVar[str] = "spans"
    label: Category

    def parse(self, value: Any) -> list[Span[Any]]:
        spans = plain(value)
        if not isinstance(spans, list | tuple):
            raise Unfit("is missing" if is_missing(value) else f"is {shown(value)}; spans are a list of Span(start, end, label)")
        return [self._span(v) for v in spans]

    def _span(self, value: Any) -> Span[Any]:
        if isinstance(value, Span):
            start, end, label = value.start, value.end, value.label
        elif isinstance(value, dict) and {"start", "end", "label"} <= value.keys():
            start, end, label = value["start"], value["end"], value["label"]
        elif isinstance(value, list | tuple) and len(value) == 3:
            start, end, label = value
        else:
            raise Unfit(f"holds {quote(value)}, which is not Span(start, end, label)")
        start, end = plain(start), plain(end)
        whole = all(isinstance(i, int) and not isinstance(i, bool) for i in (start, end))
        if not whole or not 0 <= start < end < 2**63:
            raise Unfit(f"holds a span from {quote(start)} to {quote(end)}; a span starts at 0 or later and ends after its start")
        return Span(start, end, self.label.parse(label))

    def to_json(self, value: Any) -> list[dict[str, Any]]:
        return [{"start": s.start, "end": s.end, "label": self.label.to_json(s.label)} for s in value]

    def from_json(self, data: Any) -> list[Span[Any]]:
        return [Span(d["start"], d["end"], self.label.from_json(d["label"])) for d in data]

    def to_cell(self, value: Any) -> list[dict[str, Any]]:
        return [{"start": s.start, "end": s.end, "label": self.label.to_cell(s.label)} for s in value]

    def from_cell(self, cell: Any) -> list[Span[Any]]:
        return [Span(d["start"], d["end"], self.label.from_cell(d["label"])) for d in cell]

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        label = self.label.arrow_type()
        return pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", label)]))

    def __str__(self) -> str:
        return f"list[Span[{self.label}]]"

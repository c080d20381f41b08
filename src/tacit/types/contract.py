"""What every kind of value can do: be checked at the edge, and travel as JSON, Arrow and bytes."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from tacit.errors import quote

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MAX_CHARACTERS", "Kind", "Unfit", "is_missing", "plain", "shown", "sound_text"]

MAX_CHARACTERS = 1_000_000
"""The longest text that is taken, in characters: a book. Longer ones are mistakes more often than texts."""


class Unfit(ValueError):
    """A value does not fit its kind. The reason reads after the name of the field: "is empty".

    Arguments:
        reason: Why not.
        near: Finds the value that was perhaps meant, where somebody asks: that takes a millisecond, and a file has many rows.
    """

    def __init__(self, reason: str, *, near: Callable[[], str | None] = lambda: None) -> None:
        super().__init__(reason)
        self.reason = reason
        self._near = near

    @property
    def near(self) -> str | None:
        """The value that was perhaps meant."""
        return self._near()


def is_missing(value: object) -> bool:
    """Whether a value stands for nothing: None, NaN, pandas' NA and NaT, an empty string."""
    if value is None or (isinstance(value, str) and value == ""):
        return True
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    if type(value).__module__ == "numpy":
        return value.ndim == 0 and bool(value != value) if hasattr(value, "ndim") else False
    return type(value).__name__ in ("NAType", "NaTType")


def plain(value: Any) -> Any:
    """A NumPy scalar or array as the Python values it holds; other values stay what they are."""
    return value.tolist() if type(value).__module__ == "numpy" and hasattr(value, "tolist") else value


def shown(value: object) -> str:
    """A value and its type, as a message shows what it did not expect: `7, an int`."""
    name = type(value).__name__
    return f"{quote(value)}, {'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def sound_text(text: str) -> str:
    """Text that every file and database can hold, as a plain `str`. Raises `Unfit`."""
    if len(text) > MAX_CHARACTERS:
        raise Unfit(f"has {len(text):,} characters; at most {MAX_CHARACTERS:,} are taken")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Unfit(f"holds half of a surrogate pair at character {error.start}") from None
    return text if type(text) is str else str.__str__(text)


class Kind(ABC):
    """One row of the type table: what a parameter or a return value may be.

    Values are checked once, by `parse`, where they come in; everything behind it trusts them.
    Each kind keeps its promise in both directions: `from_json(to_json(v)) == v` and
    `from_arrow(to_arrow([v])) == [v]` for every `v` that `parse` returned.
    """

    role: ClassVar[str]
    """One word for what learners make of it: "category", "number", "text", "image", "moment"..."""

    @abstractmethod
    def parse(self, value: Any) -> Any:
        """Return `value` in its one Python form. Raises `Unfit` with the reason."""

    @abstractmethod
    def __str__(self) -> str:
        """How the kind is written in a signature."""

    @abstractmethod
    def arrow_type(self) -> pa.DataType:
        """The Arrow type of a column of such values."""

    def missing(self, value: Any) -> bool:
        """Whether `value`, as it came in, stands for no value."""
        return is_missing(value)

    def to_json(self, value: Any) -> Any:
        """The value as JSON can hold it."""
        return value

    def from_json(self, data: Any) -> Any:
        """The value that `to_json` was given."""
        return data

    def to_cell(self, value: Any) -> Any:
        """The value as a cell of an Arrow column of `arrow_type` takes it."""
        return self.to_json(value)

    def from_cell(self, cell: Any) -> Any:
        """The value that `to_cell` was given."""
        return self.from_json(cell)

    def to_arrow(self, values: Sequence[Any]) -> pa.Array:
        """A column of values; None is null."""
        import pyarrow as pa

        return pa.array([None if v is None else self.to_cell(v) for v in values], self.arrow_type())

    def from_arrow(self, column: pa.Array) -> list[Any]:
        """The values that `to_arrow` was given."""
        return [None if v is None else self.from_cell(v) for v in column.to_pylist()]

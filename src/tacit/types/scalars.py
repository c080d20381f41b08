"""Kinds that hold one plain value: categories, numbers, moments and keys."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import json
import math
import numbers
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from tacit.errors import nearest, quote
from tacit.types.contract import Kind, Unfit, is_missing, plain, shown, sound_text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Category", "Key", "Moment", "Number"]

_ABSENT = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-"})
_TRUE, _FALSE = frozenset({"true", "yes", "t", "y", "1"}), frozenset({"false", "no", "f", "n", "0"})
_SCALAR = (str, int, float, Decimal)


@functools.lru_cache(maxsize=1024)
def _nearest(text: str, names: tuple[str, ...]) -> str | None:
    """`nearest`, once for each text: a column repeats its slips."""
    return nearest(text, names)


def _short(number: float) -> str:
    """A number in as few digits as tell it from others: 5 rather than 5.0."""
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


@dataclass(frozen=True)
class Category(Kind):
    """One of a few values: `bool`, `Literal[...]` or an `Enum`.

    Attributes:
        classes: The values, in the order of the declaration; at least two.
        written: How the signature spells it.
    """

    role: ClassVar[str] = "category"
    classes: tuple[Any, ...]
    written: str
    names: tuple[str, ...] = field(init=False)
    """The classes as text, in the same order."""
    _by_text: dict[str, Any] = field(init=False, repr=False, compare=False, hash=False)
    _index: dict[tuple[type, Any], int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        names = tuple(str(self.to_json(c)) for c in self.classes)
        by_text = dict(zip(names, self.classes, strict=True))
        for c in self.classes:
            if isinstance(c, enum.Enum):
                by_text.setdefault(c.name, c)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "_by_text", by_text)
        # The type is part of the key, because 1 == True == 1.0 in Python.
        object.__setattr__(self, "_index", {(type(c), c): i for i, c in enumerate(self.classes)})

    def index(self, value: Any) -> int:
        """The position of a parsed value among the classes."""
        return self._index[type(value), value]

    def missing(self, value: Any) -> bool:
        return is_missing(value) and not (isinstance(value, str) and value in self.names)  # "" may be a class

    def parse(self, value: Any) -> Any:
        if self.missing(value):
            raise Unfit("is missing")
        value = plain(value)
        try:
            if (type(value), value) in self._index:
                return value
            if isinstance(value, float) and value.is_integer() and str(value) not in self._by_text:
                value = int(value)  # a column of integers with gaps arrives as floats
            text = value.decode() if isinstance(value, bytes) else str(value) if isinstance(value, _SCALAR) else None
        except (TypeError, ValueError):  # it has no hash, is not UTF-8 or has too many digits
            text = None
        if text is None:
            raise Unfit(f"is {shown(value)}; it is {self.described()}")
        if text in self._by_text:
            return self._by_text[text]
        if all(isinstance(c, bool) for c in self.classes):
            for truth, words in ((True, _TRUE), (False, _FALSE)):
                if truth in self.classes and text.strip().lower() in words:
                    return truth
        raise Unfit(f"is {quote(value)}; it is {self.described()}", near=lambda: _nearest(text, self.names))

    def described(self) -> str:
        """The classes as a sentence reads them: `"positive" or "negative"`."""
        shown = [quote(self.to_json(c)) for c in self.classes]
        if len(shown) > 12:
            shown = [*shown[:10], f"{len(shown) - 11} more", shown[-1]]
        return f"{', '.join(shown[:-1])} or {shown[-1]}"

    def to_json(self, value: Any) -> Any:
        if not isinstance(value, enum.Enum):
            return value
        return value.value if isinstance(value.value, str | int) else value.name

    def from_json(self, data: Any) -> Any:
        return data if (type(data), data) in self._index else self._by_text[str(data)]

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        kinds = {type(self.to_json(c)) for c in self.classes}
        return pa.bool_() if kinds == {bool} else pa.int64() if kinds == {int} else pa.string()

    def to_cell(self, value: Any) -> Any:
        import pyarrow as pa

        plain = self.to_json(value)
        return str(plain) if self.arrow_type() == pa.string() else plain

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True)
class Number(Kind):
    """A finite number.

    Attributes:
        whole: Whether it is an `int`.
        low, high: The range of `Between`, both ends included.
    """

    role: ClassVar[str] = "number"
    whole: bool = False
    low: float = -math.inf
    high: float = math.inf

    def missing(self, value: Any) -> bool:
        return is_missing(value) or (isinstance(value, str) and value.strip().lower() in _ABSENT)

    def parse(self, value: Any) -> float | int:
        if type(value) is float and not self.whole and self.low <= value <= self.high and math.isfinite(value):
            return value
        if type(value) is int and self.whole and self.low <= value <= self.high and -(2**63) <= value < 2**63:
            return value
        if self.missing(value):
            raise Unfit("is missing")
        value = plain(value)
        if not isinstance(value, str | numbers.Real | Decimal) or (isinstance(value, str) and "_" in value):
            raise Unfit(f"is {shown(value)}, not a number")
        try:
            number = float(value)
        except OverflowError:
            raise Unfit("is too large for a number") from None
        except ValueError:
            raise Unfit(f"is {quote(value)}, not a number") from None
        if not math.isfinite(number):
            raise Unfit(f"is {number}, not a finite number")
        if not self.low <= number <= self.high:
            raise Unfit(f"is {_short(number)}, outside {_short(self.low)} to {_short(self.high)}")
        return self._whole(value, number) if self.whole else number

    def _whole(self, value: Any, number: float) -> int:
        if isinstance(value, str):
            value = int(value) if value.strip().lstrip("+-").isdigit() else number
        # From here on it is the value that counts, since a float holds only 53 bits of it.
        whole = int(value)
        if whole != value:
            raise Unfit(f"is {_short(number)}, not a whole number")
        if not -(2**63) <= whole < 2**63:
            raise Unfit("is too large for a whole number of 64 bits")
        return whole

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.int64() if self.whole else pa.float64()

    def __str__(self) -> str:
        name = "int" if self.whole else "float"
        bounded = math.isfinite(self.low) or math.isfinite(self.high)
        return f"Annotated[{name}, Between({_short(self.low)}, {_short(self.high)})]" if bounded else name


@dataclass(frozen=True)
class Moment(Kind):
    """A `date`, or a `datetime` with or without a time zone."""

    role: ClassVar[str] = "moment"
    has_time: bool = False

    def parse(self, value: Any) -> dt.date:
        if is_missing(value):
            raise Unfit("is missing")
        if type(value).__module__ == "numpy" and value.dtype.kind == "M":
            value = value.astype("datetime64[us]")  # NumPy hands out nanoseconds as an int
        value = plain(value)
        if hasattr(value, "to_pydatetime"):
            value = value.to_pydatetime(warn=False)  # pandas; its nanoseconds have no place in Python's datetime
        if isinstance(value, str):
            try:
                value = dt.datetime.fromisoformat(value.strip())
            except ValueError:
                raise Unfit(
                    f"is {quote(value)}; write it as {'2026-11-22T14:30:00' if self.has_time else '2026-11-22'}"
                ) from None
        if isinstance(value, dt.datetime):
            if self.has_time:
                # `fold` is not part of ISO 8601, and a named zone becomes the offset it has at that moment.
                zone = None if value.utcoffset() is None else dt.timezone(value.utcoffset() or dt.timedelta())
                return value.replace(tzinfo=zone, fold=0)
            if value.time() != dt.time():
                raise Unfit(f"is {quote(value.isoformat())}, with a time of day; it is a date")
            return value.date()
        if isinstance(value, dt.date):
            return dt.datetime(value.year, value.month, value.day) if self.has_time else value
        raise Unfit(f"is {shown(value)}, not a date")

    def to_json(self, value: Any) -> str:
        text: str = value.isoformat()
        return text

    def from_json(self, data: Any) -> dt.date:
        return dt.datetime.fromisoformat(data) if self.has_time else dt.date.fromisoformat(data)

    def arrow_type(self) -> pa.DataType:
        """Text, in ISO 8601: an Arrow timestamp has one zone a column, these have one a value."""
        import pyarrow as pa

        return pa.string()

    def __str__(self) -> str:
        return "datetime" if self.has_time else "date"


@dataclass(frozen=True)
class Key(Kind):
    """The `Id` of a user, an item, ...: text or a whole number."""

    role: ClassVar[str] = "key"

    def parse(self, value: Any) -> str | int:
        if is_missing(value):
            raise Unfit("is missing")
        value = plain(value)
        if isinstance(value, str):
            return sound_text(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise Unfit(f"is {shown(value)}; an Id is text or a whole number")
        if not -(2**63) <= value < 2**63:
            raise Unfit("is too large for a whole number of 64 bits")
        return int(value)

    def arrow_type(self) -> pa.DataType:
        """Text: JSON, so that the key 7 stays apart from the key "7"."""
        import pyarrow as pa

        return pa.string()

    def to_cell(self, value: Any) -> str:
        return json.dumps(value)

    def from_cell(self, cell: str) -> Any:
        return json.loads(cell)

    def __str__(self) -> str:
        return "Id"

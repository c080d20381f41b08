"""Kinds made of other kinds: what may be missing, sets of categories, vectors and records."""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tacit.errors import quote
from tacit.types.contract import Kind, Unfit, is_missing, plain, shown
from tacit.types.scalars import Category, Number

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Maybe", "MultiCategory", "Record", "VectorKind"]


@dataclass(frozen=True)
class Maybe(Kind):
    """`T | None`: a value that may be missing; as an answer, one that may be declined.

    Attributes:
        kind: What it is when it is there.
        precision: For answers, the share that must be right (0 to 1), or None.
    """

    kind: Kind
    precision: float | None = None

    @property
    def role(self) -> str:  # type: ignore[override]
        return self.kind.role

    def missing(self, value: Any) -> bool:
        return self.kind.missing(value)

    def parse(self, value: Any) -> Any:
        return None if self.kind.missing(value) else self.kind.parse(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else self.kind.to_json(value)

    def from_json(self, data: Any) -> Any:
        return None if data is None else self.kind.from_json(data)

    def to_cell(self, value: Any) -> Any:
        return None if value is None else self.kind.to_cell(value)

    def from_cell(self, cell: Any) -> Any:
        return None if cell is None else self.kind.from_cell(cell)

    def arrow_type(self) -> pa.DataType:
        return self.kind.arrow_type()

    def __str__(self) -> str:
        written = f"{self.kind} | None"
        return written if self.precision is None else f"Annotated[{written}, Precision({self.precision:g})]"


@dataclass(frozen=True)
class MultiCategory(Kind):
    """`set[Literal[...]]`: any number of a few values."""

    role: ClassVar[str] = "categories"
    of: Category
    container: type[Any] = set

    def parse(self, value: Any) -> Any:
        if is_missing(value):
            raise Unfit('is missing; "none of them" is an empty set')
        members = plain(value)
        if not isinstance(members, set | frozenset | list | tuple):
            raise Unfit(f"is {shown(value)}; it is a set of {self.of.described()}")
        chosen = {self.of.index(self.of.parse(m)) for m in members}
        return self.container(c for i, c in enumerate(self.of.classes) if i in chosen)

    def to_json(self, value: Any) -> list[Any]:
        return [self.of.to_json(v) for v in sorted(value, key=self.of.index)]

    def from_json(self, data: Any) -> Any:
        return self.container(self.of.from_json(v) for v in data)

    def to_cell(self, value: Any) -> list[Any]:
        return [self.of.to_cell(v) for v in sorted(value, key=self.of.index)]

    def from_cell(self, cell: Any) -> Any:
        return self.container(self.of.from_cell(v) for v in cell)

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.list_(self.of.arrow_type())

    def __str__(self) -> str:
        return f"{self.container.__name__}[{self.of}]"


@dataclass(frozen=True)
class VectorKind(Kind):
    """`Vector[n]`: n finite floats, as a tuple."""

    role: ClassVar[str] = "vector"
    n: int

    def parse(self, value: Any) -> tuple[float, ...]:
        if hasattr(value, "tolist"):
            value = value.tolist()
        if not isinstance(value, list | tuple):
            raise Unfit("is missing" if is_missing(value) else f"is {shown(value)}; a vector is a list of {self.n} numbers")
        if len(value) != self.n:
            raise Unfit(f"has {len(value)} numbers; it is a vector of {self.n}")
        if all(type(v) is float for v in value) and all(map(math.isfinite, value)):
            return tuple(value)
        number = Number()
        try:
            return tuple(float(number.parse(v)) for v in value)
        except Unfit as error:
            raise Unfit(f"holds a number that {error.reason}") from None

    def to_json(self, value: Any) -> list[float]:
        return list(value)

    def from_json(self, data: Any) -> tuple[float, ...]:
        return tuple(float(v) for v in data)

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.list_(pa.float64(), self.n)

    def __str__(self) -> str:
        return f"Vector[{self.n}]"


@dataclass(frozen=True)
class Record(Kind):
    """A dataclass, `TypedDict`, `NamedTuple` or pydantic model of other kinds.

    Attributes:
        made_of: The user's class; values are instances of it (a `TypedDict`'s are dicts).
        fields: Name and kind of each field, in order.
        optional: Keys that a `TypedDict` may go without; such a key is absent instead of None.
    """

    role: ClassVar[str] = "record"
    made_of: type[Any]
    fields: tuple[tuple[str, Kind], ...]
    optional: frozenset[str] = frozenset()

    def get(self, value: Any, name: str) -> Any:
        """One field of a record; None where it is absent."""
        return value.get(name) if isinstance(value, Mapping) else getattr(value, name)

    def parse(self, value: Any) -> Any:
        if is_missing(value):
            raise Unfit("is missing")
        if not isinstance(value, Mapping):
            if typing.is_typeddict(self.made_of) or not isinstance(value, self.made_of):
                raise Unfit(f"is {shown(value)}; it is a {self} or a dict of its fields")
            value = {name: self.get(value, name) for name, _ in self.fields}
        names = [name for name, _ in self.fields]
        if extra := [k for k in value if k not in names]:
            raise Unfit(f"has a field {quote(extra[0])} that {self} does not have; it has {', '.join(names)}")
        problems, parsed = [], {}
        for name, kind in self.fields:
            try:
                parsed[name] = kind.parse(value.get(name))
            except Unfit as error:
                problems.append(f".{name} {error.reason}")
        if problems:
            raise Unfit("; ".join(problems))
        return self.build(parsed)

    def build(self, fields: Mapping[str, Any]) -> Any:
        """A record of parsed values. Raises `Unfit` where the user's class refuses them."""
        try:
            return self.made_of(**{n: v for n, v in fields.items() if v is not None or n not in self.optional})
        except Exception as error:  # whatever the user's class raises
            said = " ".join(str(error).split()) or type(error).__name__
            raise Unfit(f"is refused by {self}: {said[:200]}") from None

    def to_json(self, value: Any) -> dict[str, Any]:
        return {name: None if (v := self.get(value, name)) is None else kind.to_json(v) for name, kind in self.fields}

    def from_json(self, data: Any) -> Any:
        return self.build({n: None if data.get(n) is None else k.from_json(data[n]) for n, k in self.fields})

    def to_cell(self, value: Any) -> dict[str, Any]:
        return {name: None if (v := self.get(value, name)) is None else kind.to_cell(v) for name, kind in self.fields}

    def from_cell(self, cell: Any) -> Any:
        return self.build({n: None if cell[n] is None else k.from_cell(cell[n]) for n, k in self.fields})

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.struct([(name, kind.arrow_type()) for name, kind in self.fields])

    def __str__(self) -> str:
        return self.made_of.__name__

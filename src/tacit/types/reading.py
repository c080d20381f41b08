"""Annotation -> kind: the type table, read in one place."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import types
import typing
from typing import Any, Literal

from tacit.types.compounds import Maybe, MultiCategory, Record, VectorKind
from tacit.types.contract import Kind
from tacit.types.marks import Between, Mark, Precision, Size, Span
from tacit.types.pictures import ImageKind
from tacit.types.scalars import Category, Key, Moment, Number
from tacit.types.texts import SpanList, TextKind, Words

__all__ = ["UNDERSTOOD", "NotUnderstood", "input_kind", "output_kind"]

UNDERSTOOD = (
    "bool, Literal[...], an Enum, set[Literal[...]], float, int, Annotated[float, Between(low, high)], str, Text, "
    "list[Character], tuple[Word, ...], list[Span[Literal[...]]] (output), Image (input), date, datetime, Vector[n], Id, "
    "a dataclass, TypedDict, NamedTuple or pydantic model of these, and any of them `| None`"
)


class NotUnderstood(TypeError):
    """An annotation is none of the type table's."""


def input_kind(annotation: Any) -> Kind:
    """The kind of a parameter. Raises `NotUnderstood`."""
    kind = _kind(annotation)
    if isinstance(_bare(kind), SpanList):
        raise NotUnderstood(f"{kind} is an output; spans are found in a text input")
    return kind


def output_kind(annotation: Any) -> Kind:
    """The kind of a return value. Raises `NotUnderstood`."""
    kind = _kind(annotation)
    for part in [kind for _, kind in bare.fields] if isinstance(bare := _bare(kind), Record) else [kind]:
        if isinstance(_bare(part), ImageKind | Moment | VectorKind | Key):
            raise NotUnderstood(f"{part} is an input; it cannot be returned")
    return kind


def _bare(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, Maybe) else kind


def _kind(annotation: Any) -> Kind:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin in (typing.Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _literal(arguments)
    if origin in (set, frozenset, list):
        return _collection(origin, arguments[0] if arguments else None, annotation)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis and _mark(arguments[0]) == "word":
        return Words()
    if isinstance(annotation, type):
        return _plain(annotation)
    raise NotUnderstood(f"{_written(annotation)} is not understood")


def _plain(annotation: type[Any]) -> Kind:
    if annotation is bool:
        return Category((False, True), "bool")
    if annotation is float or annotation is int:
        return Number(whole=annotation is int)
    if annotation is str:
        return TextKind("str")
    if annotation is dt.date or annotation is dt.datetime:
        return Moment(has_time=annotation is dt.datetime)
    if issubclass(annotation, enum.Enum):
        return _enum(annotation)
    fields = _fields(annotation)
    if fields is None:
        raise NotUnderstood(f"{_written(annotation)} is not understood")
    if not fields:
        raise NotUnderstood(f"{annotation.__name__} has no fields")
    read = []
    for name, field in fields.items():
        try:
            kind = _kind(field)
        except NotUnderstood as error:
            raise NotUnderstood(f"{annotation.__name__}.{name}: {error}") from None
        if isinstance(_bare(kind), Record):
            raise NotUnderstood(f"{annotation.__name__}.{name} is a record inside a record")
        read.append((name, kind))
    return Record(annotation, tuple(read))


def _fields(annotation: type[Any]) -> dict[str, Any] | None:
    """Field annotations of a record class, or None if it is none."""
    model_fields = getattr(annotation, "model_fields", None)  # pydantic, without importing it
    is_tuple = issubclass(annotation, tuple) and hasattr(annotation, "_fields")
    if not (dataclasses.is_dataclass(annotation) or typing.is_typeddict(annotation) or is_tuple or model_fields is not None):
        return None
    try:
        hints = typing.get_type_hints(annotation, include_extras=True)
    except NameError as error:
        raise NotUnderstood(
            f"{annotation.__name__} uses the name {error.name!r}, which is not defined where it is declared"
        ) from None
    if dataclasses.is_dataclass(annotation):
        names = [f.name for f in dataclasses.fields(annotation)]
    else:
        names = list(model_fields) if model_fields is not None else list(hints)
    return {name: _unrequired(hints[name]) for name in names}


def _unrequired(annotation: Any) -> Any:
    """A TypedDict's `Required[T]` and `NotRequired[T]` as T and `T | None`."""
    origin = typing.get_origin(annotation)
    if origin is typing.Required:
        return typing.get_args(annotation)[0]
    return typing.get_args(annotation)[0] | None if origin is typing.NotRequired else annotation


def _annotated(base: Any, extras: tuple[Any, ...]) -> Kind:
    marks = {e.name for e in extras if isinstance(e, Mark)}
    if "image" in marks:
        return ImageKind()
    if "id" in marks:
        return Key()
    if "text" in marks:
        return TextKind()
    if marks:
        raise NotUnderstood(f"a single {marks.pop().title()} is not understood; write list[Character] or tuple[Word, ...]")
    for size in (e for e in extras if isinstance(e, Size)):
        if not isinstance(size.n, int) or isinstance(size.n, bool) or size.n < 1:
            raise NotUnderstood(f"Vector[{size.n!r}] has no length; write Vector[3]")
        return VectorKind(size.n)
    kind = _kind(base)
    for extra in extras:
        if isinstance(extra, Between):
            number = _bare(kind)
            if not isinstance(number, Number) or not extra.low < extra.high:
                raise NotUnderstood(f"Between({extra.low}, {extra.high}) fits float and int, with the lower end first")
            bounded = Number(number.whole, float(extra.low), float(extra.high))
            kind = Maybe(bounded) if isinstance(kind, Maybe) else bounded
        elif isinstance(extra, Precision):
            if not isinstance(kind, Maybe) or not 0 < extra.share < 1:
                raise NotUnderstood(f"Precision({extra.share}) fits `T | None`, with a share between 0 and 1")
            kind = Maybe(kind.kind, float(extra.share))
    return kind


def _union(arguments: tuple[Any, ...]) -> Kind:
    present = [a for a in arguments if a is not type(None)]
    if len(present) == len(arguments):
        raise NotUnderstood(f"{' | '.join(map(_written, arguments))} is more than one type")
    if len(present) > 1:
        # Literal["a"] | Literal["b"] | None and the like: only what None is added to is understood.
        raise NotUnderstood(f"{' | '.join(map(_written, present))} is more than one type")
    kind = _kind(present[0])
    if isinstance(kind, Record):
        raise NotUnderstood(f"{kind} | None: a whole record cannot be missing; let its fields be")
    return Maybe(kind)


def _literal(values: tuple[Any, ...]) -> Kind:
    optional = None in values
    classes = tuple(v for v in values if v is not None)
    written = "Literal[" + ", ".join(repr(v) if not isinstance(v, enum.Enum) else str(v) for v in classes) + "]"
    if not all(isinstance(c, str | int | enum.Enum) for c in classes):
        raise NotUnderstood(f"{written} holds something that is not text, a whole number, a bool or a member of an Enum")
    kind = _category(classes, written)
    return Maybe(kind) if optional else kind


def _members(annotation: Any) -> Kind:
    """The kind of a collection's members; here a single value is something to learn, since it may be absent."""
    if typing.get_origin(annotation) is Literal and len(typing.get_args(annotation)) == 1:
        return Category(typing.get_args(annotation), _written(annotation))
    return _kind(annotation)


def _enum(annotation: type[enum.Enum]) -> Category:
    return _category(tuple(annotation), annotation.__name__)


def _category(classes: tuple[Any, ...], written: str) -> Category:
    if len(classes) < 2:
        raise NotUnderstood(
            f"{written} has {len(classes)} value{'s'[: len(classes) != 1]}; there is something to learn from two on"
        )
    try:
        kind = Category(classes, written)
    except UnicodeError:
        raise NotUnderstood(f"{written} holds text that is not Unicode") from None
    if len(set(kind.names)) < len(classes):
        raise NotUnderstood(f"{written} has two values that are written alike")
    return kind


def _collection(origin: type[Any], of: Any, annotation: Any) -> Kind:
    if origin is list and _mark(of) == "character":
        return TextKind("list[Character]")
    if origin is list and typing.get_origin(of) is Span:
        label = _members(typing.get_args(of)[0])
        if isinstance(label, Category):
            return SpanList(label)
    elif of is not None:
        member = _members(of)
        if isinstance(member, Category):
            return MultiCategory(member, origin)
    raise NotUnderstood(f"{_written(annotation)} is not understood")


def _mark(annotation: Any) -> str | None:
    extras = typing.get_args(annotation)[1:] if typing.get_origin(annotation) is typing.Annotated else ()
    return next((e.name for e in extras if isinstance(e, Mark)), None)


def _written(annotation: Any) -> str:
    return (
        annotation.__name__
        if isinstance(annotation, type) and not typing.get_args(annotation)
        else str(annotation).replace("typing.", "")
    )

"""Annotation -> kind: the type table, read in one place."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import types
import typing
from typing import Any, Literal

from tacit.errors import quote
from tacit.types.compounds import Maybe, MultiCategory, Record, VectorKind
from tacit.types.contract import Kind, Unfit, sound_text
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
    kind = _kind_or_record(annotation)
    for part in _parts(kind):
        if isinstance(_bare(part), SpanList):
            raise NotUnderstood(f"{part} is an output; spans are found in a text input")
    return kind


def output_kind(annotation: Any) -> Kind:
    """The kind of a return value. Raises `NotUnderstood`."""
    kind = _kind_or_record(annotation)
    for part in _parts(kind):
        if isinstance(_bare(part), ImageKind | Moment | VectorKind | Key):
            raise NotUnderstood(f"{part} is an input; it cannot be returned")
    return kind


def _parts(kind: Kind) -> list[Kind]:
    return [part for _, part in kind.fields] if isinstance(kind, Record) else [kind]


def _bare(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, Maybe) else kind


def _kind_or_record(annotation: Any) -> Kind:
    """Records stand at the top only, so that a file's columns are either inputs or fields of an input."""
    fields = _fields(annotation) if isinstance(annotation, type) else None
    if fields is None:
        return _kind(annotation)
    if not fields:
        raise NotUnderstood(f"{annotation.__name__} has no fields")
    read = []
    for name, field in fields.items():
        try:
            read.append((name, _kind(field)))
        except NotUnderstood as error:
            raise NotUnderstood(f"{annotation.__name__}.{name}: {error}") from None
    return Record(annotation, tuple(read), _optional(annotation))


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
    if _is_record(annotation):
        raise NotUnderstood(f"{annotation.__name__} is a record; it cannot be missing, nor be inside a record or a collection")
    raise NotUnderstood(f"{_written(annotation)} is not understood")


def _is_record(annotation: type[Any]) -> bool:
    return (
        dataclasses.is_dataclass(annotation)
        or typing.is_typeddict(annotation)
        or hasattr(annotation, "model_fields")  # pydantic, without importing it
        or (issubclass(annotation, tuple) and hasattr(annotation, "_fields"))
    )


def _fields(annotation: type[Any]) -> dict[str, Any] | None:
    """Field annotations of a record class, or None if it is none."""
    if not _is_record(annotation):
        return None
    try:
        hints = typing.get_type_hints(annotation, include_extras=True)
    except NameError as error:
        raise NotUnderstood(
            f"{annotation.__name__} uses the name {error.name!r}, which is not defined where it is declared"
        ) from None
    except Exception as error:  # a type written as text can hold any expression
        raise NotUnderstood(f"the types of {annotation.__name__} cannot be read ({error})") from None
    if dataclasses.is_dataclass(annotation):
        return {f.name: hints[f.name] for f in dataclasses.fields(annotation) if f.init}  # the others are computed
    if typing.is_typeddict(annotation):
        return {name: _unrequired(hint, name in _optional(annotation)) for name, hint in hints.items()}
    return {name: hints[name] for name in getattr(annotation, "model_fields", hints)}


def _optional(annotation: type[Any]) -> frozenset[str]:
    """The keys that a `TypedDict` may go without."""
    if not typing.is_typeddict(annotation):
        return frozenset()
    # Python's own list misses what is `NotRequired` where annotations are text.
    hints = typing.get_type_hints(annotation, include_extras=True)
    stated = {name: typing.get_origin(hint) for name, hint in hints.items()}
    optional: frozenset[str] = annotation.__optional_keys__
    return frozenset(n for n, o in stated.items() if o is typing.NotRequired or (o is not typing.Required and n in optional))


def _unrequired(annotation: Any, optional: bool) -> Any:
    """The type inside `Required[T]` and `NotRequired[T]`; with `| None` where the key may be absent."""
    if typing.get_origin(annotation) in (typing.Required, typing.NotRequired):
        annotation = typing.get_args(annotation)[0]
    return typing.Optional[annotation] if optional else annotation  # noqa: UP045  # not every annotation takes `|`


def _annotated(base: Any, extras: tuple[Any, ...]) -> Kind:
    marks = [e for e in extras if isinstance(e, Mark | Size)]
    kind = _marked(marks[0]) if marks else _kind(base)
    for extra in extras:
        if isinstance(extra, Between):
            kind = _bounded(kind, extra)
        elif isinstance(extra, Precision):
            if not isinstance(kind, Maybe) or not _is_number(extra.share) or not 0 < extra.share < 1:
                raise NotUnderstood(f"Precision({extra.share!r}) fits `T | None`, with a share between 0 and 1")
            kind = Maybe(kind.kind, float(extra.share))
    return kind


def _marked(mark: Mark | Size) -> Kind:
    if isinstance(mark, Size):
        if not isinstance(mark.n, int) or isinstance(mark.n, bool) or mark.n < 1:
            raise NotUnderstood(f"Vector[{mark.n!r}] has no length; write Vector[3]")
        return VectorKind(mark.n)
    if mark.name in ("character", "word"):
        raise NotUnderstood(f"a single {mark.name.title()} is not understood; write list[Character] or tuple[Word, ...]")
    return {"image": ImageKind, "id": Key, "text": TextKind}[mark.name]()


def _bounded(kind: Kind, between: Between) -> Kind:
    number, low, high = _bare(kind), between.low, between.high
    if not isinstance(number, Number) or not _is_number(low) or not _is_number(high) or not low < high:
        raise NotUnderstood(f"Between({low!r}, {high!r}) fits float and int, with the lower end first")
    bounded = Number(number.whole, float(low), float(high))
    return Maybe(bounded, kind.precision) if isinstance(kind, Maybe) else bounded


def _is_number(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**1000)


def _union(arguments: tuple[Any, ...]) -> Kind:
    present = [a for a in arguments if a is not type(None)]
    if len(present) > 1:
        raise NotUnderstood(f"{' | '.join(map(_written, present))} is more than one type")
    kind = _kind(present[0])
    return kind if isinstance(kind, Maybe) else Maybe(kind)


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
    kind = Category(classes, written)
    for c, name in zip(classes, kind.names, strict=True):
        try:
            sound_text(name)
        except Unfit as error:
            raise NotUnderstood(f"{quote(written)}: {quote(name)} {error.reason}") from None
        if isinstance(kind.to_json(c), int) and not -(2**63) <= kind.to_json(c) < 2**63:
            raise NotUnderstood(f"{written}: {name} is too large for a whole number of 64 bits")
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

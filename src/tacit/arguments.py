"""What the verbs are given, checked against their annotations: a wrong type is said in words, before anything is done."""

from __future__ import annotations

import functools
import inspect
import math
import operator
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, ParamSpec, TypeVar, Union

from tacit.errors import OptionError, quote

__all__ = ["checked", "seeded"]

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "True or False", type(None): "None"}
_SAMPLES = {str: '"..."', int: "10", float: "0.5", bool: "True"}
_MOST_SEED = 2**32 - 1


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Have each argument but the first, which is the task, checked against its annotation.

    Whole numbers of other libraries become ints. Lists are checked member by member; `Any` is taken as it is.

    Raises, when the function is called:
        OptionError: An argument is of another type.

    Example:
        >>> @checked
        ... def choose(task: str, n: int, *, strategy: str = "margin") -> str:
        ...     return f"{n} by {strategy}"
        >>> choose("sentiment", 5)
        '5 by margin'
        >>> choose("sentiment", 5, strategy=7)
        Traceback (most recent call last):
            ...
        tacit.errors.OptionError: strategy of choose is 7, an int; it is text.  next: write strategy="margin"
    """
    parameters = list(inspect.signature(function).parameters.values())[1:]
    names = [p.name for p in parameters]
    defaults = {p.name: p.default for p in parameters}
    hints = {name: hint for name, hint in typing.get_type_hints(function).items() if name in defaults}

    def fit(name: str, value: Any) -> Any:
        try:
            return _fit(hints[name], value)
        except (TypeError, ValueError, OverflowError):  # an int may be too long for a float, an array no yes or no
            kind = type(value).__name__
            raise OptionError(
                f"{name} of {function.__name__} is {quote(value)}, {'an' if kind[:1] in 'aeiou' else 'a'} {kind}",
                right=f"it is {_words(hints[name])}",
                next=f"write {name}={_sample(hints[name], defaults[name])}",
            ) from None

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        # What has no name here is for Python to complain of.
        first, rest = args[:1], args[1:]
        given = [*first, *(fit(name, value) for name, value in zip(names, rest, strict=False)), *rest[len(names) :]]
        named = {name: fit(name, value) if name in hints else value for name, value in kwargs.items()}
        return function(*given, **named)  # type: ignore[arg-type]  # the same arguments, as the annotations have them

    return call


def seeded(seed: int) -> int:
    """A seed that every library takes. Raises `OptionError`."""
    if not 0 <= seed <= _MOST_SEED:
        raise OptionError(f"seed is {quote(seed)}", right=f"it is a whole number from 0 to {_MOST_SEED:,}", next="write seed=0")
    return seed


def _fit(hint: Any, value: Any) -> Any:
    """The value as its annotation has it. Raises `TypeError`."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any or (hint in (None, type(None)) and value is None):
        return value
    if origin in (Union, types.UnionType):
        for one in inner:
            try:
                return _fit(one, value)
            except TypeError:
                continue
    elif origin is Literal and isinstance(value, str) and value in inner:
        return value
    elif hint is bool and type(value).__name__ in ("bool", "bool_"):  # NumPy's too
        return bool(value)
    elif hint is int and not isinstance(value, bool):
        return operator.index(value)
    elif hint is float and not isinstance(value, bool | str | bytes) and math.isfinite(value):
        return value if isinstance(value, int | float) else float(value)
    elif inner and origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {_fit(inner[0], key): _fit(inner[1], of) for key, of in value.items()}
    elif inner and origin in (Sequence, Iterable, list, tuple) and not isinstance(value, str | bytes | Mapping):
        return [_fit(inner[0], one) for one in value]
    elif isinstance(hint, type) and hint not in (bool, int, float) and isinstance(value, hint):
        return value
    raise TypeError


def _words(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(map(_words, inner))
    if origin is Literal:
        return " or ".join(map(quote, inner))
    if inner and origin is not None:
        return f"a dict of {_words(inner[1])}" if issubclass(origin, Mapping) else f"a list of {_words(inner[0])}"
    return _WORDS.get(hint) or ("anything" if hint is Any else f"a {getattr(hint, '__name__', hint)}")


def _sample(hint: Any, default: Any) -> str:
    if default is not inspect.Parameter.empty:
        return quote(default)
    return _SAMPLES.get(hint, "...")

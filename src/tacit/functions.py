"""Labeling functions and slices: what is written above or below a task, and checked when it is registered there."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacit.errors import SignatureError

__all__ = ["LabelingFunction", "Slice", "check", "name_of", "place"]


def place(function: Callable[..., Any]) -> str:
    """Where a function is written, as `file:line`; the path is relative to the current folder where it can be."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', '?')}"
    path = Path(code.co_filename)
    with contextlib.suppress(ValueError, OSError):
        path = path.relative_to(Path.cwd())
    return f"{path.as_posix()}:{code.co_firstlineno}"


def name_of(function: Callable[..., Any]) -> str:
    """What a function is called."""
    return str(getattr(function, "__name__", type(function).__name__))


@dataclass(frozen=True)
class _Registered:
    name: str
    function: Callable[..., Any]

    @property
    def where(self) -> str:
        """Where the function is written, as `file:line`."""
        return place(self.function)


class LabelingFunction(_Registered):
    """A function that labels some examples and abstains, with None, on the others."""


class Slice(_Registered):
    """A subset of the examples to watch: those for which the function returns True."""


def check(function: Any, what: str, *, task: str, signature: str, inputs: Sequence[str], taken: Iterable[str]) -> None:
    """Whether a function can be registered on a task.

    Arguments:
        what: "labeling function" or "slice".
        task, signature, inputs: The task's name, signature and parameters.
        taken: Names of those that it has.

    Raises:
        SignatureError: It is no function, cannot take the inputs, does not return what it says, or its name is taken.
    """
    decorator = f"@{task}.{what.replace(' ', '_')}"
    if not callable(function):
        raise SignatureError(
            f"{decorator[1:]} was given {function!r}",
            right=f"a {what} is a function of ({', '.join(inputs)})",
            next=f"write {decorator} above a function",
        )
    name, where = name_of(function), place(function)
    if name in taken:
        raise SignatureError(
            f"{task} has two {what}s named {name}", where=where, next=f"give one of them another name than {name}"
        )
    try:
        inspect.signature(function).bind(*inputs)
    except (TypeError, ValueError):  # wrong parameters, or a builtin that does not say which it has
        raise SignatureError(
            f"{what} {name} cannot take the inputs of {task}{signature}",
            where=where,
            next=f"write def {name}({', '.join(inputs)}):",
        ) from None

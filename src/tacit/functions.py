"""Labeling functions and slices: what is written above or below a task, and checked when it is registered there."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from tacit.endpoints import REQUEST_S, Interview, interview
from tacit.errors import OptionError, SignatureError, nearest, quote
from tacit.types import Kind

__all__ = ["TIMEOUT_S", "LabelingFunction", "Options", "Slice", "check", "labeling_function", "name_of", "place"]

TIMEOUT_S = 5.0
"""How long a call may take where nothing else is said: long enough to load a word list at the first one."""

_LONGEST_S = 86_400
_NOT_FUNCTIONS: list[tuple[Callable[[Any], bool], str, str]] = [
    (inspect.iscoroutinefunction, "a coroutine function", "without async"),
    (inspect.isasyncgenfunction, "an asynchronous generator", "without async, with return instead of yield"),
    (inspect.isgeneratorfunction, "a generator", "with return instead of yield"),
]


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


@dataclass(frozen=True)
class LabelingFunction(_Registered):
    """A function that labels some examples and abstains, with None, on the others.

    Attributes:
        timeout: Seconds that a call, or a request, may take.
        interview: What a language model is asked in its stead, or None where it is called.
    """

    timeout: float = TIMEOUT_S
    interview: Interview | None = None


@dataclass(frozen=True)
class Slice(_Registered):
    """A subset of the examples to watch: those for which the function returns True.

    Attributes:
        timeout: Seconds that a call may take.
    """

    timeout: float = TIMEOUT_S


class Options(TypedDict, total=False):
    """What a labeling function may be registered with. All but `timeout` are of a language model.

    Attributes:
        timeout: Seconds that a call (5 where nothing is said) or a request (60) may take.
        llm: The address of an OpenAI-compatible server, such as "http://localhost:11434/v1".
        model: What the server calls the language model.
        price: USD for a million tokens, one number or (input, output).
        key: The name of the environment variable that holds the key; without it no key is sent.
        at_once: How many requests may be under way, 1 to 64; 4 where nothing is said.
        per_minute: The most requests in a minute.
    """

    timeout: float
    llm: str
    model: str
    price: float | tuple[float, float] | None
    key: str | None
    at_once: int
    per_minute: float | None


def labeling_function(
    function: Callable[..., Any],
    task: str,
    question: str,
    inputs: Mapping[str, Kind],
    *,
    timeout: float | None = None,
    llm: str | None = None,
    **options: Any,
) -> LabelingFunction:
    """The labeling function that a function is, with these options, for the task of that name, question and parameters.

    Raises:
        OptionError: An option is unknown, or has a value that cannot be used.
        SignatureError: A language model cannot be shown the inputs.
    """
    name, where = name_of(function), place(function)
    usual = TIMEOUT_S if llm is None else REQUEST_S
    limit = usual if timeout is None else timeout
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit <= _LONGEST_S:
        raise OptionError(
            f"timeout of {name} is {quote(timeout)}",
            where=where,
            right=f"it is a number of seconds, above 0 and at most {_LONGEST_S:,}",
            next=f"write timeout={usual:g}",
        )
    known = list(Options.__annotations__)
    unknown = next((option for option in options if option not in known), None)
    if unknown is not None:
        raise OptionError(
            f"{name} has the option {unknown}, which labeling_function does not take",
            where=where,
            right=f"it takes {', '.join(known)}",
            next=f"write {near}=..." if (near := nearest(unknown, known)) else f"leave {unknown} out",
        )
    if llm is None and options:
        raise OptionError(
            f"{name} has {' and '.join(options)}, which {'is' if len(options) == 1 else 'are'} for a language model, but no llm",
            where=where,
            next='write llm="http://localhost:11434/v1", the address of its server',
        )
    if llm is None:
        return LabelingFunction(name, function, float(limit))
    hint = inspect.getdoc(function) or ""
    asked = interview(where, llm, task=task, question=question, inputs=inputs, hint=hint, timeout=float(limit), **options)
    return LabelingFunction(name, function, float(limit), asked)


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
    for is_one, kind, instead in _NOT_FUNCTIONS:
        if is_one(function):
            raise SignatureError(
                f"{what} {name} is {kind}, which returns no value by itself",
                where=where,
                next=f"write def {name}({', '.join(inputs)}): {instead}",
            )
    try:
        inspect.signature(function).bind(*inputs)
    except (TypeError, ValueError):  # wrong parameters, or a builtin that does not say which it has
        raise SignatureError(
            f"{what} {name} cannot take the inputs of {task}{signature}",
            where=where,
            next=f"write def {name}({', '.join(inputs)}):",
        ) from None

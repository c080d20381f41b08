"""Tasks: a typed function, read as a signature, with its labeling functions and slices."""

from __future__ import annotations

import functools
import inspect
import json
import keyword
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, Unpack, overload

from tacit.errors import SignatureError, TaskNameError, quote
from tacit.functions import LabelingFunction, Options, Slice, check, labeling_function, name_of, place
from tacit.types import UNDERSTOOD, Category, Kind, NotUnderstood, Record, input_kind, output_kind

__all__ = ["RESERVED", "Signature", "Task", "on_call", "task"]

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

RESERVED = frozenset(
    {"batch", "docs", "feedback", "health", "label", "metrics", "observe", "openapi", "redoc", "static", "tasks", "top", "v1"}
)
"""Words of the URL space: a task of such a name could not be reached over HTTP."""


@dataclass(frozen=True)
class Signature:
    """What goes in and what comes out.

    Attributes:
        inputs: Name and kind of each parameter, in order.
        output: The kind of the return value.
    """

    inputs: Mapping[str, Kind]
    output: Kind

    @functools.cached_property
    def record(self) -> tuple[str, Record] | None:
        """The one parameter that is a record, or None: then a file's columns are the record's fields."""
        if len(self.inputs) == 1:
            name, kind = next(iter(self.inputs.items()))
            if isinstance(kind, Record):
                return name, kind
        return None

    @functools.cached_property
    def columns(self) -> dict[str, Kind]:
        """Name and kind of each column that a file has for the inputs.

        A lone record's fields stand for themselves; a record beside other parameters has columns `parameter.field`.
        """
        if self.record:
            return dict(self.record[1].fields)
        flat: dict[str, Kind] = {}
        for name, kind in self.inputs.items():
            if isinstance(kind, Record):
                flat |= {f"{name}.{f}": k for f, k in kind.fields}
            else:
                flat[name] = kind
        return flat

    def nest(self, flat: Mapping[str, Any]) -> dict[str, Any]:
        """JSON of the columns -> JSON of the inputs."""
        if self.record:
            return {self.record[0]: dict(flat)}
        return {
            n: {f: flat[f"{n}.{f}"] for f, _ in k.fields} if isinstance(k, Record) else flat[n] for n, k in self.inputs.items()
        }

    def flatten(self, nested: Mapping[str, Any]) -> dict[str, Any]:
        """JSON of the inputs -> JSON of the columns; what is missing is None."""
        if self.record:
            inner = nested.get(self.record[0]) or {}
            return {c: inner.get(c) for c in self.columns}
        return {c: _reach(nested, c) for c in self.columns}

    def __str__(self) -> str:
        inputs = ", ".join(f"{n}: {k}" for n, k in self.inputs.items())
        return f"({inputs}) -> {self.output}"

    @functools.cached_property
    def text(self) -> str:
        """The columns and the output with every class, as one canonical line: what a model is trained for."""
        columns = {name: _exact(kind) for name, kind in self.columns.items()}
        return json.dumps({"columns": columns, "output": _exact(self.output)}, sort_keys=True)

    def describe(self) -> dict[str, Any]:
        """The signature as JSON, as the store keeps it."""
        return {
            "inputs": {n: str(k) for n, k in self.inputs.items()},
            "columns": {n: str(k) for n, k in self.columns.items()},
            "output": str(self.output),
        }


def _exact(kind: Kind) -> str:
    """A kind with its classes in order, which an Enum's name alone does not tell."""
    inner = next((getattr(kind, name) for name in ("kind", "of", "label") if isinstance(getattr(kind, name, None), Kind)), kind)
    return f"{kind} {list(inner.names)}" if isinstance(inner, Category) else str(kind)


def _reach(nested: Mapping[str, Any], column: str) -> Any:
    name, _, inner = column.partition(".")
    value = nested.get(name)
    return (value or {}).get(inner) if inner else value


class _Call(Protocol):
    def __call__(self, task: Task[Any, Any], inputs: dict[str, Any], /) -> Any: ...


_caller: list[_Call] = []


def on_call(caller: _Call) -> None:
    """Set what answers when a task is called; `tacit` itself does, once, at import."""
    _caller[:] = [caller]


@dataclass(eq=False)
class Task(Generic[P, R]):
    """A function that is learned: call it like the one that was written.

    Attributes:
        name: Its name in Python, on the command line and in URLs.
        question: Its docstring, shown to the people who label.
        signature: What goes in and what comes out.
        function: What was decorated.
        labeling_functions, slices: What was registered on it, in order.
    """

    name: str
    question: str
    signature: Signature
    function: Callable[P, R]
    labeling_functions: list[LabelingFunction] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)

    @property
    def where(self) -> str:
        """Where it is declared, as `file:line`."""
        return place(self.function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer of the live release, as a bare value."""
        bound = inspect.signature(self.function).bind(*args, **kwargs)
        bound.apply_defaults()
        answer: R = _caller[0](self, dict(bound.arguments))
        return answer

    @overload
    def labeling_function(self, function: F, /) -> F: ...
    @overload
    def labeling_function(self, /, **options: Unpack[Options]) -> Callable[[F], F]: ...
    def labeling_function(self, function: F | None = None, /, **options: Unpack[Options]) -> F | Callable[[F], F]:
        """Register a function that takes the task's inputs and returns a value of its return type, or None to abstain.

        With `llm` a language model is asked instead: its body never runs, its docstring is added to the task's question.

        Arguments:
            function: The function.
            options: See `tacit.functions.Options`.

        Raises:
            SignatureError: Its parameters are not the task's, it returns no value by itself, its name is taken, or a language
                model cannot be shown the inputs.
            OptionError: An option has a value that cannot be used.
        """

        def register(function: F) -> F:
            self._check(function, self.labeling_functions, "labeling function")
            made = labeling_function(function, self.name, self.question, self.signature.inputs, **options)
            self.labeling_functions.append(made)
            return function

        return register if function is None else register(function)

    @overload
    def slice(self, function: F, /) -> F: ...
    @overload
    def slice(self, /) -> Callable[[F], F]: ...
    def slice(self, function: F | None = None, /) -> F | Callable[[F], F]:
        """Register a function that takes the task's inputs and says, with True or False, whether they are in the slice.

        Raises:
            SignatureError: Its parameters are not the task's, or its name is taken.
        """
        if function is None:
            return self.slice
        self._check(function, self.slices, "slice")
        self.slices.append(Slice(name_of(function), function))
        return function

    def _check(self, function: Any, members: Sequence[LabelingFunction | Slice], what: str) -> None:
        taken = [m.name for m in members]
        check(function, what, task=self.name, signature=str(self.signature), inputs=list(self.signature.inputs), taken=taken)

    def __repr__(self) -> str:
        return f"<task {self.name}{self.signature}>"


@overload
def task(function: Callable[P, R], /) -> Task[P, R]: ...
@overload
def task(*, name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]: ...
def task(
    function: Callable[P, R] | None = None, /, *, name: str | None = None
) -> Task[P, R] | Callable[[Callable[P, R]], Task[P, R]]:
    """Make a task of a typed function, whose body is learned instead of written.

    Works as `@task`, as `@task(name="other")` and as a call on any annotated function.

    Example:
        >>> from typing import Literal
        >>> from tacit import Text
        >>> @task
        ... def sentiment(review: Text) -> Literal["positive", "negative"]:
        ...     "Is this review glad or sad?"
        >>> sentiment
        <task sentiment(review: Text) -> Literal['positive', 'negative']>

    Raises:
        SignatureError: A type is missing or not understood.
        TaskNameError: The name is none, or one of the URL space.
    """
    if function is None:
        return lambda f: _declare(f, name)
    return _declare(function, name)


def _declare(function: Callable[P, R], name: str | None) -> Task[P, R]:
    if not callable(function) or isinstance(function, type):
        raise SignatureError(
            f"task was given {function!r}", right="a task is a function", next="write @task above a typed function"
        )
    called = str(getattr(function, "__name__", "")) if name is None else name
    _check_name(called, function)
    made = Task(called, inspect.getdoc(function) or "", _read(called, function), function)
    functools.update_wrapper(made, function, updated=())
    return made


def _check_name(name: str, function: Callable[..., Any]) -> None:
    where = place(function)
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", name) or keyword.iskeyword(name):
        raise TaskNameError(
            f"{quote(name)} cannot name a task",
            right="a name starts with a letter and has at most 63 letters, digits and underscores",
            where=where,
            next='write @task(name="sentiment")',
        )
    if name in RESERVED:
        raise TaskNameError(
            f'"{name}" cannot name a task: /v1/{name} and /{name} belong to the server',
            where=where,
            next=f"rename it, to {name}_task say",
        )


def _read(name: str, function: Callable[..., Any]) -> Signature:
    where = place(function)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise SignatureError(
            f"{name} uses the type {error.name!r}, which is not defined where {name} is declared",
            where=where,
            next=f"import or define {error.name} at the top of the file",
        ) from None
    except Exception as error:  # a type written as text can hold any expression
        raise SignatureError(
            f"the types of {name} cannot be read ({error})", where=where, next=f"write types of this list: {UNDERSTOOD}"
        ) from None
    parameters = inspect.signature(function).parameters
    shown = ", ".join(parameters)
    if "return" not in hints or hints["return"] is type(None):
        raise SignatureError(
            f"{name}({shown}) has no return type, so there is nothing to learn",
            where=where,
            next='write -> Literal["positive", "negative"]',
        )
    if not parameters:
        raise SignatureError(
            f"{name}() has no parameters, so there is nothing to learn from", where=where, next=f"write def {name}(text: Text)"
        )
    inputs: dict[str, Kind] = {}
    for parameter in parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SignatureError(
                f"{name}({parameter}) takes any number of arguments",
                where=where,
                right="each input has a name",
                next=f"write def {name}(text: Text)",
            )
        if parameter.name not in hints:
            raise SignatureError(
                f"{name}({shown}) has no type for {parameter.name}", where=where, next=f"write {parameter.name}: Text"
            )
        inputs[parameter.name] = _understood(f"{parameter.name} of {name}", hints[parameter.name], input_kind, where)
    return Signature(inputs, _understood(f"the return type of {name}", hints["return"], output_kind, where))


def _understood(what: str, annotation: Any, read: Callable[[Any], Kind], where: str) -> Kind:
    try:
        return read(annotation)
    except NotUnderstood as error:
        raise SignatureError(f"{what}: {error}", where=where, next=f"write one of {UNDERSTOOD}") from None

"""When is a labeling function still the same? When its code, and everything of its own file that it reaches, is."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Any

__all__ = ["fingerprint"]

_SIMPLE = (str, bytes, int, float, complex, bool, type(None), tuple, list, set, frozenset, dict, range, re.Pattern)


def fingerprint(function: Callable[..., Any], classes: Sequence[str] = ()) -> str:
    """A hash that changes when the function's votes may have: its code, defaults, closure, the globals it uses, the classes.

    Functions of other modules count by name and the module's file size and time are not looked at, so a changed
    library is not noticed; a changed helper, word list or pattern in a task file is.

    Example:
        >>> fingerprint(lambda x: x + 1) == fingerprint(lambda x: x + 2)
        False
    """
    digest = hashlib.blake2b(_written(list(classes)).encode(), digest_size=16)
    _feed(digest, function, set())
    return digest.hexdigest()


def _feed(digest: Any, value: Any, seen: set[int]) -> None:
    function = inspect.unwrap(value) if callable(value) and not isinstance(value, type) else value
    if isinstance(function, FunctionType):
        if id(function) in seen:  # it calls itself
            return
        seen.add(id(function))
        _feed_code(digest, function.__code__, function.__globals__, function.__module__, seen)
        for part in (
            function.__defaults__,
            function.__kwdefaults__,
            *(c.cell_contents for c in function.__closure__ or () if _filled(c)),
        ):
            _feed(digest, part, seen)
    elif isinstance(value, _SIMPLE):
        digest.update(_written(value).encode())
    else:
        digest.update(f"{type(value).__module__}.{type(value).__qualname__}:{getattr(value, '__qualname__', '')}".encode())


def _feed_code(digest: Any, code: CodeType, names: dict[str, Any], module: str, seen: set[int]) -> None:
    digest.update(code.co_code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _feed_code(digest, constant, names, module, seen)
        else:
            digest.update(_written(constant).encode())
    for name in code.co_names:
        digest.update(name.encode())
        used = names.get(name)
        if isinstance(used, _SIMPLE) or (isinstance(used, FunctionType) and used.__module__ == module):
            _feed(digest, used, seen)


def _written(value: Any) -> str:
    """A value as text that is the same in every process: sets have no order of their own."""
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}{sorted(map(_written, value))}"
    if isinstance(value, dict):
        return f"dict{[(_written(k), _written(v)) for k, v in value.items()]}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}{[_written(v) for v in value]}"
    return repr(value) if isinstance(value, _SIMPLE) else f"{type(value).__module__}.{type(value).__qualname__}"


def _filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True

"""When is a labeling function still the same? When its code, and everything of its own file that it reaches, is."""

from __future__ import annotations

import functools
import hashlib
import inspect
import re
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType, MethodType
from typing import Any

__all__ = ["fingerprint"]

_SIMPLE = (str, bytes, int, float, complex, bool, type(None), tuple, list, set, frozenset, dict, range, re.Pattern)


def fingerprint(function: Callable[..., Any], classes: Sequence[str] = ()) -> str:
    """A hash that changes when the function's votes may have: its code, defaults, closure, the globals it uses, the classes.

    Decorators count with what they hold, `functools.partial` with its arguments, an object that can be called with its
    attributes that are plain values. Functions of other modules count by name and the module's file size and time are not
    looked at, so a changed library is not noticed; a changed helper, word list or pattern in a task file is.

    Example:
        >>> fingerprint(lambda x: x + 1) == fingerprint(lambda x: x + 2)
        False
    """
    digest = hashlib.blake2b(_written(list(classes)).encode(), digest_size=16, person=b"votes 3")
    _feed(digest, function, set())
    return digest.hexdigest()


def _feed(digest: Any, value: Any, seen: set[int]) -> None:
    if isinstance(value, _SIMPLE):
        digest.update(_written(value).encode())
        return
    if id(value) in seen:  # it calls itself
        return
    seen.add(id(value))
    for part in _parts(digest, value, seen):
        _feed(digest, part, seen)


def _parts(digest: Any, value: Any, seen: set[int]) -> list[Any]:
    """What a value that is no plain one is made of; its own code or name is fed at once."""
    wrapped = [value.__wrapped__] if hasattr(value, "__wrapped__") and not isinstance(value, type) else []
    if isinstance(value, FunctionType):
        _feed_code(digest, value.__code__, value.__globals__, value.__module__, seen)
        closed = [c.cell_contents for c in value.__closure__ or () if _filled(c)]
        return [value.__defaults__, value.__kwdefaults__, *closed, *wrapped]
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *(part for name in sorted(value.keywords) for part in (name, value.keywords[name]))]
    if isinstance(value, MethodType):
        return [value.__func__, value.__self__]
    digest.update(f"{type(value).__module__}.{type(value).__qualname__}:{getattr(value, '__qualname__', '')}".encode())
    call = inspect.getattr_static(type(value), "__call__", None)
    if isinstance(value, type) or not isinstance(call, FunctionType):
        return wrapped
    held = [part for name, v in sorted(getattr(value, "__dict__", {}).items()) if isinstance(v, _SIMPLE) for part in (name, v)]
    return [call, *held, *wrapped]


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
        own = isinstance(used, FunctionType) and used.__module__ == module
        if isinstance(used, _SIMPLE) or own or isinstance(used, functools.partial):
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

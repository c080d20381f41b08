"""The lines of MLPerf Training logs, in their three formats: v0.5, v0.6, and v0.7 to now.

    :::MLPv0.5.0 resnet 1541720386.718659639 (train.py:49) eval_accuracy: {"epoch": 54, "value": 0.69656}
    :::MLL 1560881731.835 run_start: {"value": null, "metadata": {"lineno": 190, "file": "train.py"}}
    :::MLLOG {"namespace": "", "time_ms": 1592669189098, "event_type": "POINT_IN_TIME", "key": "seed", "value": 3, "metadata": {}}

Source of the formats: mlcommons/logging, and the logs of mlcommons/training_results_v0.5 to v0.7. What stands before a token is
no part of the line, be it the rank of a worker or the prefix of a logger.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["Broken", "Event", "events"]

_TOKEN = re.compile(rb":::ML(?:LOG|L|Pv)(?=[\s\d])")
# Possessive, so that no line takes longer than its length.
_V05 = re.compile(r":::MLPv(\d++\.\d++)\S*+\s++(\S++)\s++(\d[\d.]*+)\s++\(.*?\)\s++(\w++)(?::\s*+(.*))?", re.DOTALL)
_V06 = re.compile(r":::MLL\s++(\d[\d.]*+)\s++(\w++)\s*+:\s*+(.*)", re.DOTALL)
_V07 = re.compile(r":::MLLOG\s*+(\{.*)", re.DOTALL)
_PAIR = re.compile(r"""["']?(\w+)["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,{}\[\]]+))""")
_LITERAL = 8_192
_LATEST = 1e11  # seconds since 1970; what is later is no time
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Event:
    """What one line says.

    Attributes:
        suite: "v0.5", "v0.6" or "v0.7+".
        time: Seconds since 1970.
        key: What happened: "run_start", "eval_accuracy", ...
        value: Its value, as it is written: None, a number, text, a list or a dict.
        metadata: What else is said of it: "status", "epoch_num", ...
        benchmark: Its name, which each line of v0.5 has; else None.
    """

    suite: str
    time: float
    key: str
    value: Any
    metadata: Mapping[str, Any]
    benchmark: str | None = None


@dataclass(frozen=True)
class Broken:
    """A token after which nothing follows that can be read."""


def events(line: bytes) -> Iterator[Event | Broken]:
    """What a line of a log says: nothing, one thing, or several where workers wrote into each other's lines.

    Example:
        >>> [said.key for said in events(b'[1,3]<stdout>::::MLL 1560881731.835 run_start: {"value": null}')]
        ['run_start']
    """
    starts = [found.start() for found in _TOKEN.finditer(line)]
    for start, end in pairwise([*starts, len(line)]):
        yield _read(line[start:end].decode("utf-8", errors="replace")) or Broken()


def _read(text: str) -> Event | None:
    if found := _V07.match(text):
        fields = _spelled(found[1])
        if not isinstance(fields, dict) or not isinstance(fields.get("key"), str):
            return None
        return _event("v0.7+", fields.get("time_ms"), fields["key"], fields.get("value"), fields.get("metadata"), 1000)
    if found := _V06.match(text):
        fields = _spelled(found[3])
        if not isinstance(fields, dict):
            return None
        return _event("v0.6", found[1], found[2], fields.get("value"), fields.get("metadata", fields))
    if found := _V05.match(text):
        value = _spelled(found[5].strip()) if found[5] and found[5].strip() else None
        if value is _UNREADABLE:
            return None
        more = value if isinstance(value, dict) else {}
        return _event(f"v{found[1]}", found[3], found[4], more.get("value", value), more, benchmark=found[2])
    return None


def _event(
    suite: str, time: Any, key: str, value: Any, metadata: Any, ticks: int = 1, benchmark: str | None = None
) -> Event | None:
    try:
        seconds = float(time) / ticks
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0 <= seconds < _LATEST:
        return None
    return Event(suite, seconds, key, value, metadata if isinstance(metadata, dict) else {}, benchmark)


_UNREADABLE = object()


def _spelled(text: str) -> Any:
    """A value as JSON, else as Python writes it, else as bare words; `_UNREADABLE` where a brace is open to the end."""
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        pass
    if not text.startswith("{"):
        return text
    whole = _braced(text[:_LITERAL])
    if whole is None:
        return _UNREADABLE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(whole)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return {key: double or single or _word(bare) for key, double, single, bare in _PAIR.findall(whole)}


def _braced(text: str) -> str | None:
    """The start of a text up to the brace that closes its first."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return text[: at + 1]
    return None


def _word(bare: str) -> Any:
    try:
        return float(bare)
    except ValueError:
        return {"null": None, "None": None, "true": True, "True": True, "false": False, "False": False}.get(bare, bare)

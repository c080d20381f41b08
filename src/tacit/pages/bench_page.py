"""What the ledger's runs come to: a page of it, and the same as one HTML file for those who have no server."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as escaped

from fastapi import APIRouter
from fastapi.responses import Response

from tacit.benchmarking import Benchmark, Standing, board, draw
from tacit.benchmarking.ledger import ledger_of
from tacit.benchmarking.policies import PHASES, POLICIES, check_policy
from tacit.benchmarking.records import Record
from tacit.errors import OptionError
from tacit.pages.shell import HEADERS, Shell
from tacit.project import Project

__all__ = ["add", "bench_file", "there"]

_SHOWN = 50
"""Runs of a benchmark in the table: the newest."""

_KINDS = (("curves", "Score over time"), ("frontier", "Cost and time"), ("history", "History"))


@dataclass(frozen=True)
class Part:
    """One benchmark on the page.

    Attributes:
        name: Of the benchmark.
        goal: The metric with its target, in words.
        standings: What its arms come to.
        pictures: What is drawn, with the address of each.
        runs: The newest.
        more: How many are older.
    """

    name: str
    goal: str
    standings: tuple[Standing, ...]
    pictures: tuple[tuple[str, str], ...]
    runs: tuple[Record, ...]
    more: int


def add(routes: APIRouter, shell: Shell) -> None:
    """The page `/bench`, and its drawings."""

    @routes.get("/bench")
    def page(policy: str = "all") -> Response:
        found = board(policy=policy) if there(shell.project) else None
        return shell.page("bench.html", **_values(found, policy, _address))

    @routes.get("/bench/{name}/{kind}.svg")
    def drawing(name: str, kind: str, policy: str = "all") -> Response:
        return Response(draw(board(name, policy=policy), kind), media_type="image/svg+xml", headers=HEADERS)


def bench_file(project: Project, found: Benchmark) -> str:
    """The page of some runs as a file that needs nothing else."""
    return Shell(project).file("bench_file.html", at=time.time(), **_values(found, found.policy, _inside))


def there(project: Project) -> bool:
    """Whether the project has a ledger."""
    return ledger_of(project).file.exists()


def _values(found: Benchmark | None, policy: str, address: Any) -> dict[str, Any]:
    parts: list[Part] = []
    if found is not None:
        for name in dict.fromkeys(r.benchmark for r in found.records):
            some = Benchmark(tuple(r for r in found.records if r.benchmark == name), found.policy)
            parts.append(_part(name, some, address))
    return {
        "parts": parts,
        "odd": found.odd if found is not None else (),
        "policy": policy,
        "policies": list(POLICIES),
        "counted": [p for p in PHASES if p in POLICIES[check_policy(policy)]],
        "phases": PHASES,
    }


def _part(name: str, found: Benchmark, address: Any) -> Part:
    goals = dict.fromkeys(f"{s.metric} {s.target:g}" if s.target is not None else s.metric for s in found.standings)
    runs = found.records[::-1]
    pictures = [(title, src) for kind, title in _KINDS if (src := address(found, name, kind)) is not None]
    return Part(name, ", ".join(goals), tuple(found.standings), tuple(pictures), runs[:_SHOWN], max(0, len(runs) - _SHOWN))


def _address(found: Benchmark, name: str, kind: str) -> str | None:
    return None if _drawn(found, kind) is None else f"/bench/{escaped(name, safe='')}/{kind}.svg?policy={found.policy}"


def _inside(found: Benchmark, name: str, kind: str) -> str | None:
    svg = _drawn(found, kind)
    return None if svg is None else f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


def _drawn(found: Benchmark, kind: str) -> str | None:
    try:
        return draw(found, kind)
    except OptionError:  # nothing to draw
        return None

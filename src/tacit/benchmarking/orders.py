"""An order for one run, and how a process of its own carries it out."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from tacit.progress import Progress, report

__all__ = ["Order", "carried_out"]

_GRACE = 300.0
"""Seconds after four times the budget: a run that takes longer hangs, and is killed."""


@dataclass(frozen=True)
class Order:
    """What is to be run.

    Attributes:
        root: The folder of the project.
        folder: Where the run may keep files: features, models, and how it did on single rows.
        began: When the process was started, by `time.monotonic`.
        task, budget, target, metric, learners, seed: As in `train`.
        upto, last: The numbers of the last label and example that count.
    """

    root: str
    folder: str
    began: float
    task: str
    budget: float
    target: float | None
    metric: str | None
    learners: Sequence[str] | None
    seed: int
    upto: int
    last: int


def carried_out(order: Order, doing: str) -> dict[str, Any]:
    """What a process of its own says of an order: figures of a `Record`, or the status "failed" with a reason.

    Ctrl-C kills it. Progress is reported as it comes, with `doing` in front.
    """
    with tempfile.TemporaryFile() as errors:
        # -P: a file of the project must not stand in for a module of Python.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tacit.benchmarking.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=order.root,
            text=True,
            start_new_session=True,  # Ctrl-C is for whoever asked, who ends it
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(asdict(order)) + "\n")
            process.stdin.close()
            for line in _until(process, process.stdout, order.began + 4 * order.budget + _GRACE):
                said = json.loads(line)
                if "done" in said:
                    return dict(said["done"])
                if "failed" in said:
                    return _failed(order, said["failed"]["message"])
                heard = Progress(**said["progress"])
                report(Progress(doing + heard.doing, heard.done, heard.total, heard.best, heard.timed))
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        return _failed(order, _last(errors) or f"the process ended with status {process.returncode}, and said nothing")


def _until(process: subprocess.Popen[str], lines: IO[str], end: float) -> Iterator[str]:
    """The lines of a process, which is killed when the time is up."""
    late = threading.Timer(max(0.0, end - time.monotonic()), process.kill)
    late.daemon = True
    late.start()
    try:
        yield from lines
    finally:
        late.cancel()


def _failed(order: Order, reason: str) -> dict[str, Any]:
    return {"status": "failed", "reason": reason[:500], "seconds": time.monotonic() - order.began}


def _last(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = [line.strip() for line in errors.read()[-10_000:].decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""

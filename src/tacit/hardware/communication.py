"""How much of a step processes spend on each other, measured in real processes on this machine."""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from tacit.errors import MissingExtra, OptionError

__all__ = ["Communication", "communication"]


@dataclass(frozen=True)
class Communication:
    """Data-parallel steps of one process alone and of several together. Each computes as much; together they sum up their gradients.

    Attributes:
        processes: How many.
        numbers: float32 numbers of a gradient.
        alone: Seconds of a step of one process, while the others wait; the median.
        together: Seconds of a step of all, each with its own batch; the median.
        reducing: Seconds of the all-reduce alone, of all; the median.
    """

    processes: int
    numbers: int
    alone: float
    together: float
    reducing: float

    @property
    def share(self) -> float:
        """1 - T(1) / T(n) of a step (Coleman et al. 2019): what a step together takes longer. It counts what processes take from each
        other's processors and memory, too; below 0 is noise."""
        return 1 - self.alone / self.together

    @property
    def bandwidth(self) -> float:
        """Bytes a second of the all-reduce: of the buffer, whatever goes over the wire."""
        return 4 * self.numbers / self.reducing

    def __str__(self) -> str:
        return (
            f"{self.processes} processes, {4 * self.numbers / 1e6:,.1f} MB of gradients: a step takes {1e3 * self.together:,.1f} ms, "
            f"alone {1e3 * self.alone:,.1f} ms, so that {self.share:.0%} are for the others; "
            f"the all-reduce itself takes {1e3 * self.reducing:,.1f} ms"
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"share": self.share, "bandwidth": self.bandwidth}


def communication(
    processes: int = 2, numbers: int = 1_000_000, *, batch: int = 64, steps: int = 10, limit: float = 60.0
) -> Communication:
    """Measure what it costs n processes on this machine to learn together, over gloo and the loopback device.

    Each process has a dense layer of so many weights, and computes on one thread: scores of a batch, and the gradient. Together they
    take the mean of their gradients before they change their weights. A few steps are done before any is timed.

    Arguments:
        processes: 2 or more. More than there are processors measure how these are shared.
        numbers: Of the gradient; rounded down to a square.
        batch: Rows for each process in a step.
        steps: That are timed.
        limit: Seconds after which the processes are ended.

    Raises:
        MissingExtra: torch is not installed.
        OptionError: There are fewer than 2 processes, nothing to exchange, or it did not end within the limit.
    """
    side = math.isqrt(max(0, numbers))
    if processes < 2 or min(side, batch, steps) < 1:
        raise OptionError(
            f"{processes} processes have {numbers} numbers to exchange, {batch} rows and {steps} steps",
            right="there are at least 2 processes, and one of the others",
            next="communication(2, 1_000_000)",
        )
    if find_spec("torch") is None:
        raise MissingExtra("processes exchange gradients by torch", next='pip install "tacit[deep]"')
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "tacit.hardware.exchange",
            f"{folder}/meeting",
            *map(str, (processes, side, batch, steps)),
        ]
        started = [
            subprocess.Popen([*command, str(rank)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - itself
            for rank in range(processes)
        ]
        first = _first(started, time.monotonic() + limit)
    if first is None:
        raise OptionError(
            f"{processes} processes did not exchange {numbers:,} numbers {steps} times within {limit:g} s",
            right="there are as many as the machine has processors, and a longer limit",
            next="communication(2, 100_000)",
        )
    alone, together, reducing = json.loads(first)
    return Communication(processes, side * side, alone, together, reducing)


def _first(started: list[subprocess.Popen[str]], until: float) -> str | None:
    """What the first process wrote; None if they did not all end in time. None of them is left running.

    Raises:
        OptionError: One of them ended with an error.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        for process in started:
            process.wait(max(0.0, until - time.monotonic()))
    ended = [process.poll() for process in started]
    for process in started:
        process.kill()
    said = [process.communicate() for process in started]
    for code, (_, errors) in zip(ended, said, strict=True):
        if code:
            raise OptionError(
                f"a process that was to exchange gradients ended with {(errors.strip().splitlines() or [str(code)])[-1]}",
                right="gloo can use the loopback device, and there is memory for the numbers",
                next="communication(2, 100_000)",
            )
    return None if None in ended else said[0][0]

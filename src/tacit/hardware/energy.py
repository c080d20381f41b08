"""The energy that work takes: of the processor by its own counters (RAPL), of NVIDIA's GPUs by their power.

with measured() as energy:
    tacit.train(sentiment)
print(energy)
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["Energy", "Reading", "measured"]

_POWERCAP = Path("/sys/class/powercap")
_BETWEEN = 30.0
"""Seconds between looks at the counters: one that counts 60 kJ, at a kilowatt, begins anew once a minute."""

_EVERY = 250
"""Milliseconds between samples of a GPU's power."""


@dataclass(frozen=True)
class Reading:
    """Joules, and where they are from; None where they are not known, with the reason. What is not known is not 0.

    Attributes:
        joules: Of the whole device, whoever else used it.
        source: Of the figure, or why there is none.
        watts: Samples (seconds, watts of all devices together), where it was made of these.
    """

    joules: float | None
    source: str
    watts: tuple[tuple[float, float], ...] = ()

    def __str__(self) -> str:
        return f"unknown ({self.source})" if self.joules is None else f"{self.joules:,.1f} J ({self.source})"


@dataclass
class Energy:
    """What a block took; complete when the block has ended.

    Attributes:
        seconds: That it lasted.
        processor: Of the processors, and of the memory where that is counted.
        gpu: Of the GPUs that this process may use (`CUDA_VISIBLE_DEVICES`).
    """

    seconds: float = 0.0
    processor: Reading = Reading(None, "the block has not ended")
    gpu: Reading = Reading(None, "the block has not ended")

    def __str__(self) -> str:
        return f"{self.seconds:,.1f} s; processor {self.processor}; gpu {self.gpu}"


@contextmanager
def measured(*, powercap: Path = _POWERCAP, nvidia: str = "nvidia-smi") -> Iterator[Energy]:
    """Measure the energy that the machine takes during the block.

    Arguments:
        powercap: The folder in which Linux shows the counters.
        nvidia: The program that tells what GPUs draw.
    """
    energy = Energy()
    counters, gpus = _Counters(powercap), _Gpus(nvidia)
    began = time.perf_counter()
    try:
        yield energy
    finally:
        energy.seconds = time.perf_counter() - began
        energy.processor, energy.gpu = counters.reading(), gpus.reading(energy.seconds)


class _Counters:
    """RAPL's counters of microjoules, looked at often enough that none begins anew twice in between."""

    def __init__(self, powercap: Path) -> None:
        self.missing = "" if powercap.is_dir() else f"this system has no {powercap}"
        self.zones = _zones(powercap)
        self.joules, self.last = 0.0, dict.fromkeys(self.zones, 0)
        self.ended = threading.Event()
        try:
            self.last = {zone: _number(zone / "energy_uj") for zone in self.zones}
        except (OSError, ValueError) as error:
            self.missing = f"{getattr(error, 'strerror', None) or error}: the counters of {powercap}"
        if not self.missing and not self.zones:
            self.missing = f"{powercap} has no counter of a processor"
        self.thread = threading.Thread(target=self._watch, daemon=True)
        if not self.missing:
            self.thread.start()

    def _watch(self) -> None:
        while not self.ended.wait(_BETWEEN):
            self._look()

    def _look(self) -> None:
        try:
            for zone in self.zones:
                now = _number(zone / "energy_uj")
                grown = now - self.last[zone]
                if grown < 0:  # it began anew
                    grown += _number(zone / "max_energy_range_uj")
                self.joules, self.last[zone] = self.joules + grown / 1e6, now
        except (OSError, ValueError) as error:
            self.missing = f"a counter could not be read any more: {error}"

    def reading(self) -> Reading:
        if self.thread.is_alive():
            self.ended.set()
            self.thread.join()
        if not self.missing:
            self._look()
        if self.missing:
            return Reading(None, self.missing)
        names = [(zone / "name").read_text(encoding="ascii").strip() for zone in self.zones]
        return Reading(self.joules, f"RAPL, {', '.join(names)}")


def _zones(powercap: Path) -> list[Path]:
    """The counters that add up to the processors and their memory: cores and caches are part of the package that they are in."""
    found = sorted(zone for zone in powercap.glob("intel-rapl:*") if (zone / "name").is_file())
    return [zone for zone in found if (zone / "name").read_text(encoding="ascii").strip().startswith(("package", "dram"))]


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


class _Gpus:
    """Samples of the power that GPUs draw, from a program that runs beside the block."""

    def __init__(self, nvidia: str) -> None:
        self.process: subprocess.Popen[str] | None = None
        program, visible = shutil.which(nvidia), os.environ.get("CUDA_VISIBLE_DEVICES")
        self.missing = f"there is no {nvidia}" if program is None else ""
        if program is not None and visible in ("", "-1"):
            self.missing = "CUDA_VISIBLE_DEVICES hides all GPUs"
        if program is not None and not self.missing:
            asked = [program, "--query-gpu=index,timestamp,power.draw", "--format=csv,noheader,nounits", f"--loop-ms={_EVERY}"]
            asked += [f"--id={visible}"] if visible else []
            self.process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603 - a program of the system
            self.lines: list[str] = []
            self.thread = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
            self.thread.start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.lines.extend(process.stdout)

    def reading(self, seconds: float) -> Reading:
        if self.process is None:
            return Reading(None, self.missing)
        self.process.terminate()
        self.process.wait()
        self.thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        try:
            samples = _samples(self.lines)
        except ValueError:
            return Reading(None, f"nvidia-smi does not tell what the GPU draws: {self.lines[0].strip()!r}")
        if not samples or min(map(len, samples.values())) < 2:
            return Reading(None, f"nvidia-smi gave fewer than two samples in {seconds:.1f} s")
        joules = sum(_integral(of_one, seconds) for of_one in samples.values())
        rows = zip(*samples.values(), strict=False)
        watts = tuple((row[0][0], sum(w for _, w in row)) for row in rows)
        return Reading(joules, f"power of {len(samples)} GPU, {len(watts)} samples", watts)


def _samples(lines: list[str]) -> dict[str, list[tuple[float, float]]]:
    """GPU -> (seconds since its first sample, watts). Raises ValueError where power is not a number ("[N/A]")."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    began: dict[str, datetime] = {}
    for line in lines:
        parts = [part.strip() for part in line.split(",")]
        if len(parts) == 3:  # the last line may be cut off
            at = datetime.strptime(parts[1], "%Y/%m/%d %H:%M:%S.%f")
            found[parts[0]].append(((at - began.setdefault(parts[0], at)).total_seconds(), float(parts[2])))
    return found


def _integral(samples: list[tuple[float, float]], seconds: float) -> float:
    """Joules of a block: the mean power between first and last sample, by trapezoids, for as long as the block lasted."""
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in itertools.pairwise(samples))
    return area / (samples[-1][0] - samples[0][0]) * seconds

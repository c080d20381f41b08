"""How many operations and bytes a second this machine is good for, measured."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import threadpoolctl

__all__ = ["Peaks", "peaks"]

_SIDE = 1024
"""Rows and columns of the matrices: large enough for a processor to reach its pace, small enough for many tries."""

_SECONDS = 0.4
"""Of tries, for each of the figures; no fewer than three."""

_LEAST, _MOST = 64 << 20, 512 << 20
"""Bytes of each of the three arrays that are streamed."""

_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


@dataclass(frozen=True)
class Peaks:
    """What a machine reached in short tries. Another program that computes at the same time makes it less.

    Attributes:
        float32, float64: Operations a second of a product of matrices; an addition counts as one, and a multiplication too.
        bfloat16: The same by torch; None where torch is not installed.
        bandwidth: Bytes a second between memory and processor.
        threads: With which products were computed.
    """

    float32: float
    float64: float
    bfloat16: float | None
    bandwidth: float
    threads: int

    def __str__(self) -> str:
        half = "" if self.bfloat16 is None else f", bfloat16 {self.bfloat16 / 1e9:,.0f}"
        return (
            f"GFLOP/s: float32 {self.float32 / 1e9:,.0f}, float64 {self.float64 / 1e9:,.0f}{half}; "
            f"memory {self.bandwidth / 1e9:,.1f} GB/s ({self.threads} thread{'s' * (self.threads != 1)})"
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def peaks() -> Peaks:
    """Measure this machine, in about two seconds; the best of several tries counts.

    Products are those of NumPy's library, n^3 multiplications and as many additions. Bytes are counted as STREAM does for its sums
    (McCalpin 1995): three arrays that no cache can hold, two read and one written.
    """
    rng = np.random.default_rng(0)
    operations = 2.0 * _SIDE**3
    wide = [rng.standard_normal((_SIDE, _SIDE)) for _ in range(3)]
    narrow = [x.astype(np.float32) for x in wide]
    float32, float64 = (operations / _best(partial(np.matmul, a, b, out=out)) for a, b, out in (narrow, wide))
    used = [pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    return Peaks(float32, float64, _bfloat16(operations), _bandwidth(), max(used, default=1))


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest try."""
    took: list[float] = []
    until = time.perf_counter() + _SECONDS
    while len(took) < 3 or time.perf_counter() < until:
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def _bfloat16(operations: float) -> float | None:
    if find_spec("torch") is None:
        return None
    import torch

    a, b = (torch.ones(_SIDE, _SIDE, dtype=torch.bfloat16) for _ in range(2))
    return operations / _best(lambda: torch.mm(a, b))


def _bandwidth() -> float:
    # A thread for each processor: one alone cannot keep the memory busy.
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    n = max(_LEAST, min(_MOST, 4 * _cache())) // 8
    a, b, out = np.ones(n), np.ones(n), np.ones(n)
    parts = [slice(n * i // workers, n * (i + 1) // workers) for i in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        return 3.0 * 8 * n / _best(lambda: list(pool.map(lambda part: np.add(a[part], b[part], out=out[part]), parts)))


def _cache(caches: Path = _CACHES) -> int:
    """Bytes of the largest cache; 0 where the system does not tell."""
    sizes = [path.read_text(encoding="ascii").strip() for path in caches.glob("index*/size")]
    return max((int(s[:-1]) << (10 if s.endswith("K") else 20) for s in sizes if s[:-1].isdecimal()), default=0)

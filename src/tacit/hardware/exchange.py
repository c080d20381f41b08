"""One of the processes that `communication` starts: `python -m tacit.hardware.exchange MEETING PROCESSES SIDE BATCH STEPS RANK`."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

__all__ = ["exchange"]

_WARM = 3
"""Steps before any is timed."""


def exchange(meeting: str, processes: int, side: int, batch: int, steps: int, rank: int) -> tuple[float, float, float]:
    """Seconds of a step alone, of one together, and of the all-reduce, each the median; those of rank 0 count.

    Arguments:
        meeting: A file that does not exist yet, by which the processes find each other.
        processes, batch, steps: As in `communication`.
        side: The layer is (side, side).
        rank: Which of the processes this one is, from 0.
    """
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    import torch
    import torch.distributed as group

    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(rank)
    rows, weights = torch.randn(batch, side, generator=generator), torch.zeros(side, side)
    group.init_process_group("gloo", init_method=f"file://{meeting}", world_size=processes, rank=rank)

    def step(together: bool) -> None:
        gradient = rows.T @ (rows @ weights - rows)
        if together:
            group.all_reduce(gradient)
            gradient /= processes
        weights.sub_(gradient, alpha=1e-3 / batch)

    def timed(work: Callable[[], object]) -> float:
        took = []
        for _ in range(_WARM + steps):
            began = time.perf_counter()
            work()
            took.append(time.perf_counter() - began)
        return statistics.median(took[_WARM:])

    alone = timed(lambda: step(False)) if rank == 0 else 0.0
    group.barrier()
    together = timed(lambda: step(True))
    buffer = torch.ones(side, side)
    reducing = timed(lambda: group.all_reduce(buffer))
    group.barrier()
    group.destroy_process_group()
    return alone, together, reducing


if __name__ == "__main__":
    sys.stdout.write(json.dumps(exchange(sys.argv[1], *map(int, sys.argv[2:]))))

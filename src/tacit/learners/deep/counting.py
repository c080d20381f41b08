"""Floating-point operations, counted while torch works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from tacit.phases import Stopwatch, stopwatch

__all__ = ["counted", "phased"]


def counted(work: Callable[[], object]) -> float:
    """Operations of the products of matrices, convolutions and attentions of some work on this thread, a multiplication and an addition
    as two."""
    return sum(phased(work)[0].operations.values())


def phased(work: Callable[[], object]) -> tuple[Stopwatch, str | None]:
    """The same by phase, and the precision of most of these products, as torch calls it: "bfloat16"; None where there are none."""
    # Attention as plain products: those that are fused on a processor are not counted.
    with (
        sdpa_kernel(SDPBackend.MATH),
        _Precisions() as seen,
        FlopCounterMode(display=False) as counter,
        stopwatch(counter.get_total_flops) as watch,
    ):
        work()
    return watch, max(seen.products, key=seen.products.__getitem__) if seen.products else None


class _Precisions(TorchDispatchMode):  # type: ignore[misc]
    """How many products there are in each precision."""

    def __init__(self) -> None:
        super().__init__()
        self.products: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.overloadpacket in flop_registry:
            of = next((x.dtype for x in args if isinstance(x, Tensor)), None)
            self.products[str(of).removeprefix("torch.")] += 1
        return func(*args, **(kwargs or {}))

"""Floating-point operations, counted while torch works."""

from __future__ import annotations

from collections.abc import Callable

from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

__all__ = ["counted"]


def counted(work: Callable[[], object]) -> float:
    """Operations of the products of matrices, convolutions and attentions of some work on this thread, a multiplication and an addition
    as two."""
    # Attention as plain products: those that are fused on a processor are not counted.
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops())

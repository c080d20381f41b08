"""Floating-point operations, counted while torch works, and what its products read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from tacit.phases import Stopwatch, stopwatch

__all__ = ["counted", "phased", "weights"]


def counted(work: Callable[[], object]) -> float:
    """Operations of the products of matrices, convolutions and attentions of some work on this thread, a multiplication and an addition
    as two."""
    # Attention as plain products: those that are fused on a processor are not counted.
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops())


def phased(work: Callable[[], object]) -> tuple[Stopwatch, str | None]:
    """The same by phase, of work that is not in torch's mode of inference, and the precision of most of the products, as torch calls
    it: "bfloat16"; None where there are none."""
    # `FlopCounterMode` looks into every operation for others inside, as there are in that mode, and takes five times as long.
    with sdpa_kernel(SDPBackend.MATH), _Products() as seen, stopwatch(lambda: seen.flops) as watch:
        work()
    return watch, seen.precision


def weights(answer: Callable[[], object], another: Callable[[], object]) -> tuple[int, str | None]:
    """Bytes of what the products of two answers to different rows have in common, which are the weights; and their precision."""
    seen = []
    for ask in (answer, another):
        with _Products(hold=True) as products, FlopCounterMode(display=False):
            ask()
        seen.append(products)
    first, second = seen
    # Both are held until now, so that no place of memory was used twice.
    return sum(t.untyped_storage().nbytes() for place, t in first.operands.items() if place in second.operands), first.precision


class _Products(TorchDispatchMode):  # type: ignore[misc]
    """The products on this thread.

    Arguments:
        hold: Whether to keep their operands.

    Attributes:
        flops: Their operations.
        operands: Place in memory -> what was multiplied.
    """

    def __init__(self, hold: bool = False) -> None:
        super().__init__()
        self.flops = 0.0
        self.operands: dict[int, Tensor] = {}
        self._hold, self._precisions = hold, Counter[str]()

    @property
    def precision(self) -> str | None:
        """That of most of them."""
        return max(self._precisions, key=self._precisions.__getitem__) if self._precisions else None

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket in flop_registry:
            self.flops += flop_registry[func.overloadpacket](*args, **(kwargs or {}), out_val=result)
            given = [x for x in args if isinstance(x, Tensor)]
            self._precisions[str(given[0].dtype).removeprefix("torch.")] += 1
            if self._hold:
                self.operands |= {x.untyped_storage().data_ptr(): x for x in given}
        return result

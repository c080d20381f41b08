"""All methods by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from numpy.typing import ArrayLike

from tacit.errors import OptionError, nearest
from tacit.selection.coresets.chance import stratified, uniform
from tacit.selection.coresets.clusterings import kmeans_sensitivity, lightweight
from tacit.selection.coresets.contract import Coreset
from tacit.selection.coresets.coverage import coverage_centric
from tacit.selection.coresets.error_norms import el2n
from tacit.selection.coresets.forgetting_events import forgetting
from tacit.selection.coresets.herds import herding
from tacit.selection.coresets.hilbert import giga, hilbert_frank_wolfe, hilbert_importance
from tacit.selection.coresets.logistic import logistic_sensitivity

__all__ = ["CORESETS", "coreset"]

CORESETS: Mapping[str, Callable[..., Coreset]] = MappingProxyType(
    {
        "uniform": uniform,
        "stratified": stratified,
        "herding": herding,
        "forgetting": forgetting,
        "el2n": el2n,
        "coverage-centric": coverage_centric,
        "lightweight": lightweight,
        "kmeans-sensitivity": kmeans_sensitivity,
        "hilbert-importance": hilbert_importance,
        "hilbert-frank-wolfe": hilbert_frank_wolfe,
        "giga": giga,
        "logistic-sensitivity": logistic_sensitivity,
    }
)
"""Name -> function. A ball is none of them: it keeps as many rows as its epsilon asks for; see `enclosing_ball`."""


def coreset(method: str, *arrays: ArrayLike, keep: int, **options: Any) -> Coreset:
    """Keep rows by a method of `CORESETS`.

    Arguments:
        method: The name.
        arrays: What the method takes before `keep`: for "uniform" how many rows there are.
        keep: How many.
        options: What the method takes besides.

    Raises:
        OptionError: There is no such method, or what it is given cannot be used.
        SelectionError: There are fewer rows than `keep`.

    Example:
        >>> len(coreset("lightweight", [[0.0], [1.0], [9.0]], keep=1))
        1
    """
    if method not in CORESETS:
        raise OptionError(
            f'there is no core-set "{method}"',
            right=f"it is {', '.join(list(CORESETS)[:-1])} or {list(CORESETS)[-1]}",
            next=f'write "{nearest(str(method), CORESETS) or "uniform"}"',
        )
    return CORESETS[method](*arrays, keep=keep, **options)

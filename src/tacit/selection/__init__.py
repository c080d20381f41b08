"""Which examples to label next, as functions of arrays: no project needed."""

from tacit.selection.contract import Ordered, Scored, Strategy
from tacit.selection.drawing import Pick
from tacit.selection.farthest import k_center
from tacit.selection.pools import PARTS, Pool
from tacit.selection.registry import get, names
from tacit.selection.strategies import STRATEGIES, pick
from tacit.selection.uncertainties import span_uncertainty, uncertainty

__all__ = [
    "PARTS",
    "STRATEGIES",
    "Ordered",
    "Pick",
    "Pool",
    "Scored",
    "Strategy",
    "get",
    "k_center",
    "names",
    "pick",
    "span_uncertainty",
    "uncertainty",
]

"""Which examples to label next, as functions of arrays: no project needed."""

from tacit.selection.strategies import STRATEGIES, Pick, pick
from tacit.selection.uncertainties import uncertainty

__all__ = ["STRATEGIES", "Pick", "pick", "uncertainty"]

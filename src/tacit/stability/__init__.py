"""How far a time to a target can be relied on, as functions of numbers: spread, tests, comparisons. No project, no clock."""

from tacit.stability.convergence import Judgment, Reading, Reference, judge, least_mean, pruned, reference
from tacit.stability.epochs import Decomposition, decomposition
from tacit.stability.generalization import Generalization, generalization
from tacit.stability.intervals import Interval
from tacit.stability.olympic import olympic
from tacit.stability.pairs import Pairs, pairs
from tacit.stability.profiles import Profile, pareto, profiles
from tacit.stability.reaching import Reaching, reaching
from tacit.stability.spread import Spread, spread
from tacit.stability.targets import Curve, Reached, cost, sensitivity, time_to
from tacit.stability.unpaired import unpaired

__all__ = [
    "Curve",
    "Decomposition",
    "Generalization",
    "Interval",
    "Judgment",
    "Pairs",
    "Profile",
    "Reached",
    "Reaching",
    "Reading",
    "Reference",
    "Spread",
    "cost",
    "decomposition",
    "generalization",
    "judge",
    "least_mean",
    "olympic",
    "pairs",
    "pareto",
    "profiles",
    "pruned",
    "reaching",
    "reference",
    "sensitivity",
    "spread",
    "time_to",
    "unpaired",
]

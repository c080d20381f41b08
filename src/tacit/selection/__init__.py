"""Which examples to label next, as functions of arrays: no project needed.

A strategy looks at a `Pool` and picks; `check_strategy` says whether it keeps the contract, and a line in `registry`, or an entry point
of `tacit.strategies`, gives it a name.
"""

from tacit.selection.automatic import Choice, auto
from tacit.selection.centers import k_center
from tacit.selection.checks import check_strategy
from tacit.selection.committee import committee
from tacit.selection.contract import Ordered, Scored, Strategy
from tacit.selection.costs import Cost, cost
from tacit.selection.disagreement import disagreement
from tacit.selection.drawing import Pick
from tacit.selection.facilities import facility_location
from tacit.selection.mixtures import mixture
from tacit.selection.pools import PARTS, Pool
from tacit.selection.registry import get, names
from tacit.selection.stopping import Worth, worth
from tacit.selection.strategies import STRATEGIES, pick
from tacit.selection.tendency import cluster_tendency, unstructured
from tacit.selection.uncertainties import span_uncertainty, uncertainty

__all__ = [
    "PARTS",
    "STRATEGIES",
    "Choice",
    "Cost",
    "Ordered",
    "Pick",
    "Pool",
    "Scored",
    "Strategy",
    "Worth",
    "auto",
    "check_strategy",
    "cluster_tendency",
    "committee",
    "cost",
    "disagreement",
    "facility_location",
    "get",
    "k_center",
    "mixture",
    "names",
    "pick",
    "span_uncertainty",
    "uncertainty",
    "unstructured",
    "worth",
]

"""Which examples to label next, as functions of arrays: no project needed.

A strategy looks at a `Pool` and picks; `check_strategy` says whether it keeps the contract, and a line in `registry`, or an entry point
of `tacit.strategies`, gives it a name.
"""

from tacit.selection.agreement import Agreement, agreement
from tacit.selection.automatic import Choice, auto
from tacit.selection.centers import k_center
from tacit.selection.checks import check_strategy
from tacit.selection.committee import committee
from tacit.selection.contract import Ordered, Scored, Strategy
from tacit.selection.coresets import (
    CORESETS,
    Coreset,
    EnclosingBall,
    Kernel,
    Shares,
    SliceShare,
    by_quota,
    coreset,
    coverage_centric,
    el2n,
    el2n_scores,
    enclosing_ball,
    forgetting,
    forgetting_counts,
    gaussian_kernel,
    giga,
    herding,
    hilbert_frank_wolfe,
    hilbert_importance,
    kmeans_sensitivity,
    lightweight,
    linear_kernel,
    logistic_sensitivity,
    slice_shares,
    stratified,
    svm_kernel,
    uniform,
)
from tacit.selection.costs import Cost, cost
from tacit.selection.disagreement import disagreement
from tacit.selection.drawing import Pick
from tacit.selection.facilities import facility_location
from tacit.selection.frontier import Frontier, frontier, load_frontier
from tacit.selection.grouped import Grouped, in_groups
from tacit.selection.inverted import Inverted, inverted
from tacit.selection.mixtures import mixture
from tacit.selection.neighbors import Exact, Index, Neighbors, exact
from tacit.selection.pools import PARTS, Pool
from tacit.selection.registry import get, names
from tacit.selection.remaining import Remaining, remaining
from tacit.selection.seals import Seals, Step, likely
from tacit.selection.stopping import Worth, worth
from tacit.selection.strategies import STRATEGIES, pick
from tacit.selection.tendency import cluster_tendency, unstructured
from tacit.selection.uncertainties import span_uncertainty, uncertainty
from tacit.selection.worst import WorstGroup, risks

__all__ = [
    "CORESETS",
    "PARTS",
    "STRATEGIES",
    "Agreement",
    "Choice",
    "Coreset",
    "Cost",
    "EnclosingBall",
    "Exact",
    "Frontier",
    "Grouped",
    "Index",
    "Inverted",
    "Kernel",
    "Neighbors",
    "Ordered",
    "Pick",
    "Pool",
    "Remaining",
    "Scored",
    "Seals",
    "Shares",
    "SliceShare",
    "Step",
    "Strategy",
    "WorstGroup",
    "Worth",
    "agreement",
    "auto",
    "by_quota",
    "check_strategy",
    "cluster_tendency",
    "committee",
    "coreset",
    "cost",
    "coverage_centric",
    "disagreement",
    "el2n",
    "el2n_scores",
    "enclosing_ball",
    "exact",
    "facility_location",
    "forgetting",
    "forgetting_counts",
    "frontier",
    "gaussian_kernel",
    "get",
    "giga",
    "herding",
    "hilbert_frank_wolfe",
    "hilbert_importance",
    "in_groups",
    "inverted",
    "k_center",
    "kmeans_sensitivity",
    "lightweight",
    "likely",
    "linear_kernel",
    "load_frontier",
    "logistic_sensitivity",
    "mixture",
    "names",
    "pick",
    "remaining",
    "risks",
    "slice_shares",
    "span_uncertainty",
    "stratified",
    "svm_kernel",
    "uncertainty",
    "uniform",
    "unstructured",
    "worth",
]

"""Which rows are enough, as functions of arrays: one for each published method."""

from tacit.selection.coresets.balls import EnclosingBall, enclosing_ball
from tacit.selection.coresets.chance import stratified, uniform
from tacit.selection.coresets.clusterings import kmeans_sensitivity, lightweight
from tacit.selection.coresets.contract import Coreset
from tacit.selection.coresets.coverage import coverage_centric
from tacit.selection.coresets.error_norms import el2n, el2n_scores
from tacit.selection.coresets.forgetting_events import forgetting, forgetting_counts
from tacit.selection.coresets.herds import herding
from tacit.selection.coresets.hilbert import giga, hilbert_frank_wolfe, hilbert_importance
from tacit.selection.coresets.kernels import Kernel, gaussian_kernel, linear_kernel, svm_kernel
from tacit.selection.coresets.logistic import logistic_sensitivity
from tacit.selection.coresets.methods import CORESETS, coreset
from tacit.selection.coresets.quotas import by_quota
from tacit.selection.coresets.shares import Shares, SliceShare, slice_shares

__all__ = [
    "CORESETS",
    "Coreset",
    "EnclosingBall",
    "Kernel",
    "Shares",
    "SliceShare",
    "by_quota",
    "coreset",
    "coverage_centric",
    "el2n",
    "el2n_scores",
    "enclosing_ball",
    "forgetting",
    "forgetting_counts",
    "gaussian_kernel",
    "giga",
    "herding",
    "hilbert_frank_wolfe",
    "hilbert_importance",
    "kmeans_sensitivity",
    "lightweight",
    "linear_kernel",
    "logistic_sensitivity",
    "slice_shares",
    "stratified",
    "svm_kernel",
    "uniform",
]

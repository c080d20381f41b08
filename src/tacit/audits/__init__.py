"""Whom a model fails, as functions of arrays: metrics by group, fairness, mislabeled rows and repeated ones. No project needed."""

from tacit.audits.chance import holm, labels_needed
from tacit.audits.fairness import Difference, Fairness, GroupCalibration, Rates, calibration_by_group, fairness, one_vs_rest
from tacit.audits.fingerprints import fingerprints
from tacit.audits.groups import ByGroup, Gap, GroupScore, by_group
from tacit.audits.membership import Grouping, crossings
from tacit.audits.mislabeled import Mislabeled, mislabeled
from tacit.audits.repeated import Repeated, repeated_features, repeated_texts

__all__ = [
    "ByGroup",
    "Difference",
    "Fairness",
    "Gap",
    "GroupCalibration",
    "GroupScore",
    "Grouping",
    "Mislabeled",
    "Rates",
    "Repeated",
    "by_group",
    "calibration_by_group",
    "crossings",
    "fairness",
    "fingerprints",
    "holm",
    "labels_needed",
    "mislabeled",
    "one_vs_rest",
    "repeated_features",
    "repeated_texts",
]

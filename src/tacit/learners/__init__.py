"""Learners: each fits data within a deadline and gives a model that predicts.

A learner is one file and one line in `registry`; `check_learner` says whether it keeps the contract.
"""

from tacit.learners.artifacts import load_model, save_model
from tacit.learners.checks import check_learner
from tacit.learners.contract import Cache, Columns, Data, Floats, Learner, Model, Settings, bare, check_time
from tacit.learners.registry import choices, get, names
from tacit.learners.roles import ROLES, settle

__all__ = [
    "ROLES",
    "Cache",
    "Columns",
    "Data",
    "Floats",
    "Learner",
    "Model",
    "Settings",
    "bare",
    "check_learner",
    "check_time",
    "choices",
    "get",
    "load_model",
    "names",
    "save_model",
    "settle",
]

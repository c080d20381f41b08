"""Labels from functions: run them, and turn their votes into probabilities.

`aggregate` works on arrays alone and needs no project.
"""

from tacit.labels.aggregation import Aggregate, aggregate
from tacit.labels.consensus import consensus
from tacit.labels.fingerprints import fingerprint
from tacit.labels.functions import FAILED, SHOWN, Ballot, Failure, members, run
from tacit.labels.summary import FunctionSummary, summarize

__all__ = [
    "FAILED",
    "SHOWN",
    "Aggregate",
    "Ballot",
    "Failure",
    "FunctionSummary",
    "aggregate",
    "consensus",
    "fingerprint",
    "members",
    "run",
    "summarize",
]

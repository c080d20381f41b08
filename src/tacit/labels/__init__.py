"""Labels from functions: run them, and turn their votes into probabilities.

`aggregate` works on arrays alone and needs no project.
"""

from tacit.labels.aggregation import METHODS, Aggregate, aggregate, aggregate_answers
from tacit.labels.annotators import Heard, heard
from tacit.labels.ballots import FAILED, SHOWN, SPOILED, UNASKED, Ballot, Failure, Tokens, Voter
from tacit.labels.candidates import Candidate, candidates
from tacit.labels.conflicts import Conflict, conflicts
from tacit.labels.consensus import consensus
from tacit.labels.finding import Cues, find_cues
from tacit.labels.fingerprints import fingerprint
from tacit.labels.functions import members
from tacit.labels.mining import Mined, mine
from tacit.labels.numbers import NumberAggregate, aggregate_numbers
from tacit.labels.regions import Region, regions
from tacit.labels.sets import SetAggregate, aggregate_sets
from tacit.labels.summary import FunctionSummary, summarize
from tacit.labels.voters import voter

__all__ = [
    "FAILED",
    "METHODS",
    "SHOWN",
    "SPOILED",
    "UNASKED",
    "Aggregate",
    "Ballot",
    "Candidate",
    "Conflict",
    "Cues",
    "Failure",
    "FunctionSummary",
    "Heard",
    "Mined",
    "NumberAggregate",
    "Region",
    "SetAggregate",
    "Tokens",
    "Voter",
    "aggregate",
    "aggregate_answers",
    "aggregate_numbers",
    "aggregate_sets",
    "candidates",
    "conflicts",
    "consensus",
    "find_cues",
    "fingerprint",
    "heard",
    "members",
    "mine",
    "regions",
    "summarize",
    "voter",
]

"""Label models: votes and answers in, probable labels out. All of it works on arrays alone and needs no project."""

from tacit.labels.aggregation import METHODS, Aggregate, aggregate, aggregate_answers
from tacit.labels.annotators import Heard, heard
from tacit.labels.consensus import consensus
from tacit.labels.numbers import NumberAggregate, aggregate_numbers
from tacit.labels.sets import SetAggregate, aggregate_sets
from tacit.labels.summary import FunctionSummary, summarize

__all__ = [
    "METHODS",
    "Aggregate",
    "FunctionSummary",
    "Heard",
    "NumberAggregate",
    "SetAggregate",
    "aggregate",
    "aggregate_answers",
    "aggregate_numbers",
    "aggregate_sets",
    "consensus",
    "heard",
    "summarize",
]

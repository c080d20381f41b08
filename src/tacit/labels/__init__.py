"""Label models: votes and answers in, probable labels out. All of it works on arrays alone and needs no project."""

from tacit.labels.aggregation import METHODS, Aggregate, aggregate, aggregate_answers, weigh
from tacit.labels.annotators import Heard, heard
from tacit.labels.answers import Answers
from tacit.labels.consensus import common, consensus
from tacit.labels.numbers import NumberAggregate, aggregate_numbers, spread
from tacit.labels.sets import SetAggregate, aggregate_sets
from tacit.labels.spans import Mark, SpanAggregate, aggregate_spans
from tacit.labels.summary import FunctionSummary, summarize

__all__ = [
    "METHODS",
    "Aggregate",
    "Answers",
    "FunctionSummary",
    "Heard",
    "Mark",
    "NumberAggregate",
    "SetAggregate",
    "SpanAggregate",
    "aggregate",
    "aggregate_answers",
    "aggregate_numbers",
    "aggregate_sets",
    "aggregate_spans",
    "common",
    "consensus",
    "heard",
    "spread",
    "summarize",
    "weigh",
]

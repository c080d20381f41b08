"""Published results of others, read as they are: DAWNBench entries and MLPerf Training logs. Files in, figures out."""

from tacit.published.leaderboards import Leaderboard, Leaderboards, Place, dawnbench
from tacit.published.logs import Evaluation, Log
from tacit.published.problems import Problem
from tacit.published.scores import Result, Results, mlperf

__all__ = [
    "Evaluation",
    "Leaderboard",
    "Leaderboards",
    "Log",
    "Place",
    "Problem",
    "Result",
    "Results",
    "dawnbench",
    "mlperf",
]

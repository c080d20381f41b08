"""Published results of others, read as they are, and own ones in their formats: DAWNBench entries and MLPerf Training logs."""

from tacit.published.exports import Measured, dawnbench_entry, mllog, write_dawnbench, write_mlperf
from tacit.published.leaderboards import Leaderboard, Leaderboards, Place, dawnbench
from tacit.published.logs import Evaluation, Log
from tacit.published.problems import Problem
from tacit.published.scores import Result, Results, mlperf

__all__ = [
    "Evaluation",
    "Leaderboard",
    "Leaderboards",
    "Log",
    "Measured",
    "Place",
    "Problem",
    "Result",
    "Results",
    "dawnbench",
    "dawnbench_entry",
    "mllog",
    "mlperf",
    "write_dawnbench",
    "write_mlperf",
]

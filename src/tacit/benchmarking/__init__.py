"""Time, cost and labels to a target: runs in a ledger, and what they come to."""

from tacit.benchmarking.comparing import Verdict, compare
from tacit.benchmarking.drawn import draw
from tacit.benchmarking.picking import board
from tacit.benchmarking.results import Benchmark, Standing
from tacit.benchmarking.running import Arm, bench
from tacit.benchmarking.sending import send
from tacit.benchmarking.usage import Usage, usage

__all__ = ["Arm", "Benchmark", "Standing", "Usage", "Verdict", "bench", "board", "compare", "draw", "send", "usage"]

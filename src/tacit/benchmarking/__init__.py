"""Time, cost and labels to a target: runs in a ledger, and what they come to."""

from tacit.benchmarking.comparing import Verdict, compare
from tacit.benchmarking.drawn import draw
from tacit.benchmarking.hardware_use import HardwareUse
from tacit.benchmarking.picking import board
from tacit.benchmarking.results import Benchmark, Standing
from tacit.benchmarking.running import Arm, bench
from tacit.benchmarking.sending import send
from tacit.benchmarking.spending import where

__all__ = ["Arm", "Benchmark", "HardwareUse", "Standing", "Verdict", "bench", "board", "compare", "draw", "send", "where"]

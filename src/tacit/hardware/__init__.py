"""What a machine can do, and how much of it was used: peaks, operations, energy, exchange between processes. All of it is measured."""

from tacit.hardware.communication import Communication, communication
from tacit.hardware.counting import flops, module_flops
from tacit.hardware.energy import Energy, Reading, measured
from tacit.hardware.peaks import Peaks, peaks
from tacit.hardware.roofline import Point, Roofline, utilization

__all__ = [
    "Communication",
    "Energy",
    "Peaks",
    "Point",
    "Reading",
    "Roofline",
    "communication",
    "flops",
    "measured",
    "module_flops",
    "peaks",
    "utilization",
]

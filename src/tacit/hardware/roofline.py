"""Whether work is held up by arithmetic or by memory, and how near it comes to what a machine can do."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Point", "Roofline", "utilization"]


@dataclass(frozen=True)
class Point:
    """Some work.

    Attributes:
        name: Of the work.
        intensity: Operations for each byte between memory and processor; positive.
        achieved: Operations a second.
    """

    name: str
    intensity: float
    achieved: float

    @classmethod
    def of(cls, name: str, *, flops: float, moved: float, seconds: float) -> Point:
        """The point of work that took so many operations, bytes moved, and seconds."""
        return cls(name, flops / moved, flops / seconds)


@dataclass(frozen=True)
class Roofline:
    """The most that a machine can do, by how much is computed with each byte (Williams, Waterman and Patterson 2009).

    Attributes:
        peak: Operations a second.
        bandwidth: Bytes a second.
        points: What was measured.
    """

    peak: float
    bandwidth: float
    points: tuple[Point, ...] = ()

    @property
    def ridge(self) -> float:
        """The intensity from which on arithmetic is the limit, and no longer memory."""
        return self.peak / self.bandwidth

    def attainable(self, intensity: float) -> float:
        """min(peak, intensity * bandwidth), in operations a second."""
        return min(self.peak, intensity * self.bandwidth)

    def share(self, point: Point) -> float:
        """How much of what is attainable at its intensity was achieved. Above 1 one of the figures is wrong."""
        return point.achieved / self.attainable(point.intensity)

    def bound(self, point: Point) -> str:
        """What limits the work: "memory" or "arithmetic"."""
        return "memory" if point.intensity < self.ridge else "arithmetic"

    def roof(self) -> tuple[tuple[float, float], ...]:
        """The line to draw above the points, on logarithmic axes: (intensity, attainable) at its left end, its ridge and its right end."""
        intensities = [self.ridge, *(p.intensity for p in self.points)]
        ends = 10.0 ** (math.floor(math.log10(min(intensities))) - 1), 10.0 ** (math.ceil(math.log10(max(intensities))) + 1)
        return tuple((x, self.attainable(x)) for x in (ends[0], self.ridge, ends[1]))

    def to_dict(self) -> dict[str, Any]:
        points = [asdict(p) | {"share": self.share(p), "bound": self.bound(p)} for p in self.points]
        return {"peak": self.peak, "bandwidth": self.bandwidth, "ridge": self.ridge, "roof": self.roof(), "points": points}


def utilization(flops: float, seconds: float, peak: float) -> float:
    """Operations that the model takes / (peak * seconds), 0 to 1 (MLPerf Training rules, appendix "Utilization").

    Arguments:
        flops: Of the model, as in its formula: what is computed twice to save memory counts once.
        seconds: That it took.
        peak: Operations a second, in the precision that was used.

    Example:
        >>> round(utilization(0.29e15, 2.59, 312e12), 2)  # airbench94 on an A100
        0.36
    """
    return flops / (peak * seconds)

"""Charts as SVG: where every point, tick and line goes. `components.html` draws it on pages, `drawing` in a file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Chart", "Line", "Point", "Scale", "Series", "chart", "scale"]

WIDTH, HEIGHT = 400, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 12, 40
_MOST = 200
_SMALLEST = 1e-6


@dataclass(frozen=True)
class Point:
    """A measurement, with its interval where there is one."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Series:
    """Points that belong together, from left to right.

    Attributes:
        name: In the table below the chart.
        points: By rising x.
        steps: Whether a value holds until the next one, as the best score so far does.
        faint: Whether it is there for comparison only.
    """

    name: str
    points: tuple[Point, ...]
    steps: bool = False
    faint: bool = False


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in the units of the drawing, and what is written there."""

    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """One series as drawn: the path, its dots (x, y), and its intervals (x, top, bottom)."""

    path: str
    dots: tuple[tuple[float, float], ...]
    whiskers: tuple[tuple[float, float, float], ...]
    faint: bool


@dataclass(frozen=True)
class Chart:
    """A chart, laid out; all coordinates are in a box of `width` by `height`."""

    title: str
    description: str
    x_name: str
    y_name: str
    series: tuple[Series, ...]
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart(title: str, x_name: str, y_name: str, series: Sequence[Series], *, logarithmic: bool = False) -> Chart | None:
    """Lay out a chart; None where there is nothing finite to draw.

    The x axis starts at 0; the y axis spans the values and their intervals. A series of more than 200 points is thinned.

    Arguments:
        title, x_name, y_name, series: What is drawn.
        logarithmic: Whether both axes go in powers of ten. All values are positive then.
    """
    kept = [thin for s in series if (thin := _thinned(s)).points]
    points = [p for s in kept for p in s.points]
    if not points:
        return None
    heights = [v for p in points for v in (p.y, p.low, p.high) if v is not None]
    if logarithmic:
        xs, ys, at = _powers([p.x for p in points]), _powers(heights), math.log10
    else:
        xs, ys, at = _ticks(0.0, max(p.x for p in points)), _ticks(*_span(heights)), float

    def across(x: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at(x) - at(xs[0])) / (at(xs[-1]) - at(xs[0])), 1)

    def down(y: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (at(y) - at(ys[0])) / (at(ys[-1]) - at(ys[0])), 1)

    lines = []
    for s in kept:
        dots = tuple((across(p.x), down(p.y)) for p in s.points)
        whiskers = tuple((across(p.x), down(p.high), down(p.low)) for p in s.points if p.low is not None and p.high is not None)
        lines.append(Line(_path(dots, s.steps), dots, whiskers, s.faint))
    best = max(points, key=lambda p: p.y)
    return Chart(
        title,
        f"{y_name} against {x_name}: {len(points)} points, {_text(min(p.y for p in points))} to {_text(best.y)}.",
        x_name,
        y_name,
        tuple(kept),
        tuple(lines),
        tuple(Tick(across(x), _text(x)) for x in xs),
        tuple(Tick(down(y), _text(y)) for y in ys),
    )


@dataclass(frozen=True)
class Scale:
    """A horizontal axis without a drawing: values become percentages of its width."""

    low: float
    high: float

    def at(self, value: float) -> str:
        """Where a value is, as SVG writes it: "37.5%"."""
        share = (value - self.low) / (self.high - self.low)
        return f"{100 * min(1.0, max(0.0, share)):.2f}%"

    @property
    def ends(self) -> tuple[str, str]:
        """Its two ends, as text."""
        return _text(self.low), _text(self.high)

    def between(self, low: float, high: float) -> str:
        """How wide it is from one value to the other, as SVG writes it."""
        return f"{100 * min(1.0, max(0.0, (high - low) / (self.high - self.low))):.2f}%"


def scale(values: Iterable[float]) -> Scale:
    """An axis that holds all of some values, with round ends."""
    ticks = _ticks(*_span(values))
    return Scale(ticks[0], ticks[-1])


def _span(values: Iterable[float]) -> tuple[float, float]:
    finite = [v for v in values if math.isfinite(v)] or [0.0]
    low, high = min(finite), max(finite)
    if high - low < 1e-9 * max(1.0, abs(high)):
        gap = 0.05 * abs(high) if abs(high) > _SMALLEST else 0.05
        return low - gap, high + gap
    return low, high


def _ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers, equally far apart, from at or below `low` to at or above `high`."""
    if high - low < _SMALLEST * max(1.0, abs(low)) * 1e-3:
        high = low + max(1.0, abs(low) * 0.1)
    rough = (high - low) / (most - 1)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(m * unit for m in (1, 2, 2.5, 5, 10, 20) if m * unit >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = 3 - math.floor(math.log10(step))
    return [round(i * step, digits) for i in range(first, max(last, first + 1) + 1)]


def _powers(values: Sequence[float], most: int = 7) -> list[float]:
    """Powers of ten, equally far apart, from at or below the least value to at or above the largest."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    step = max(1, math.ceil((high - low) / (most - 1)))
    return [10.0**power for power in range(low, max(high, low + 1) + step, step)]


def _text(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _path(dots: Sequence[tuple[float, float]], steps: bool) -> str:
    x, y = dots[0]
    parts = [f"M{x:g} {y:g}"]
    for x, y in dots[1:]:
        parts.append(f"H{x:g}V{y:g}" if steps else f"L{x:g} {y:g}")
    return "".join(parts)


def _thinned(series: Series) -> Series:
    points = tuple(p for p in series.points if math.isfinite(p.x) and math.isfinite(p.y))
    step = max(1, math.ceil(len(points) / _MOST))
    kept = points[::step] + (points[-1:] if step > 1 and (len(points) - 1) % step else ())
    return Series(series.name, kept, series.steps, series.faint)

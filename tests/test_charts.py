"""Charts are laid out in numbers, so that they can be read as numbers too."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tacit.charts import Point, Scale, Series, chart, scale

NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def test_every_point_is_inside_and_higher_is_higher() -> None:
    made = chart("t", "x", "y", [Series("run", (Point(1, 0.5, 0.4, 0.6), Point(2, 0.9)))])
    assert made is not None
    (line,) = made.lines
    (x1, y1), (x2, y2) = line.dots
    assert made.left <= x1 < x2 <= made.right
    assert made.top <= y2 < y1 <= made.bottom
    assert line.whiskers == ((x1, line.whiskers[0][1], line.whiskers[0][2]),)
    assert line.whiskers[0][1] < y1 < line.whiskers[0][2]


def test_steps_go_across_before_they_go_up() -> None:
    made = chart("t", "x", "y", [Series("run", (Point(1, 1), Point(2, 2)), steps=True)])
    assert made is not None
    assert "H" in made.lines[0].path
    assert "L" not in made.lines[0].path


def test_nothing_to_draw_is_no_chart() -> None:
    assert chart("t", "x", "y", []) is None
    assert chart("t", "x", "y", [Series("run", ()), Series("other", (Point(math.nan, 1), Point(1, math.inf)))]) is None


def test_a_long_series_is_thinned_and_keeps_its_end() -> None:
    made = chart("t", "x", "y", [Series("run", tuple(Point(i, i) for i in range(5_001)))])
    assert made is not None
    assert len(made.series[0].points) <= 201
    assert made.series[0].points[-1] == Point(5_000, 5_000)


@given(st.lists(st.tuples(st.floats(0, 1e9), NUMBERS), min_size=1, max_size=20))
def test_whatever_is_drawn_stays_in_the_box(points: list[tuple[float, float]]) -> None:
    made = chart("t", "x", "y", [Series("run", tuple(Point(x, y) for x, y in points))])
    assert made is not None
    for x, y in made.lines[0].dots:
        assert made.left - 0.1 <= x <= made.right + 0.1
        assert made.top - 0.1 <= y <= made.bottom + 0.1
    assert 2 <= len(made.y_ticks) <= 8


@given(st.lists(NUMBERS, min_size=1, max_size=10))
def test_an_axis_holds_all_its_values(values: list[float]) -> None:
    axis = scale(values)
    slack = 1e-8 * (axis.high - axis.low)
    assert axis.low <= min(values) + slack
    assert axis.high >= max(values) - slack


def test_places_on_an_axis_are_percentages() -> None:
    assert Scale(0, 1).at(0.25) == "25.00%"
    assert Scale(0, 1).at(7) == "100.00%"
    assert Scale(0.5, 1).between(0.5, 0.75) == "50.00%"
    assert scale([0.983, 0.991]).ends == ("0.982", "0.992")


def test_on_logarithmic_axes_ten_times_as_much_is_as_far_everywhere() -> None:
    made = chart("t", "x", "y", [Series("run", (Point(0.05, 0.2), Point(0.5, 2), Point(5, 20)))], logarithmic=True)
    assert made is not None
    assert [t.text for t in made.x_ticks] == ["0.01", "0.1", "1", "10"]
    assert [t.text for t in made.y_ticks] == ["0.1", "1", "10", "100"]
    (x0, y0), (x1, y1), (x2, y2) = made.lines[0].dots
    assert abs((x2 - x1) - (x1 - x0)) < 0.2
    assert abs((y2 - y1) - (y1 - y0)) < 0.2


@given(st.lists(st.tuples(st.floats(1e-12, 1e12), st.floats(1e-12, 1e12)), min_size=1, max_size=20))
def test_whatever_is_drawn_in_powers_stays_in_the_box(points: list[tuple[float, float]]) -> None:
    made = chart("t", "x", "y", [Series("run", tuple(Point(x, y) for x, y in points))], logarithmic=True)
    assert made is not None
    for x, y in made.lines[0].dots:
        assert made.left - 0.1 <= x <= made.right + 0.1
        assert made.top - 0.1 <= y <= made.bottom + 0.1
    assert 2 <= len(made.x_ticks) <= 8

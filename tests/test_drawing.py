"""A chart in a file: well-formed, complete, and in need of nothing else."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tacit.charts import Point, Series, chart
from tacit.drawing import svg

NS = "{http://www.w3.org/2000/svg}"


def drawn() -> str:
    margin = Series("margin & <co>", (Point(100, 0.7, 0.6, 0.8), Point(200, 0.8, 0.7, 0.9)))
    chance = Series("random", (Point(100, 0.7), Point(200, 0.75)), faint=True)
    made = chart("score against labels", "labels", "accuracy", [margin, chance])
    assert made is not None
    return svg([made, made], 'who "wins"?')


def test_it_is_xml_and_loads_nothing() -> None:
    text = drawn()
    root = ElementTree.fromstring(text)
    assert root.tag == f"{NS}svg"
    assert re.findall(r"(?:href|src|url|@import)", text) == []
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]


def test_every_series_has_its_name_color_and_dots_in_each_chart_and_a_band_where_it_has_intervals() -> None:
    root = ElementTree.fromstring(drawn())
    said = ["".join(t.itertext()) for t in root.iter(f"{NS}text")]
    assert said.count("margin & <co>") == 1
    assert said.count("labels") == 2
    assert len(list(root.iter(f"{NS}circle"))) == 2 * 4
    assert len({c.get("fill") for c in root.iter(f"{NS}circle")}) == 2
    bands = [p for p in root.iter(f"{NS}path") if p.get("fill-opacity")]
    assert len(bands) == 2
    (first, *_) = bands
    places = re.findall(r"[ML]([\d.]+) ([\d.]+)", first.get("d") or "")
    assert len(places) == 4
    assert places[0][0] == places[3][0] != places[1][0] == places[2][0]
    assert float(places[0][1]) < float(places[3][1])  # down is up in SVG


def test_everything_is_within_the_box() -> None:
    root = ElementTree.fromstring(drawn())
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    groups = list(root.iter(f"{NS}g"))
    assert len(groups) == 2
    for group in groups:
        x, y = map(float, re.findall(r"[\d.]+", group.get("transform") or ""))
        for dot in group.iter(f"{NS}circle"):
            assert 0 <= x + float(dot.get("cx") or -1) <= width
            assert 0 <= y + float(dot.get("cy") or -1) <= height

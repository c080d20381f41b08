"""What the ledger's runs come to, on a page and in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tacit
from tacit.benchmarking import board
from tacit.benchmarking.ledger import ledger_of
from tacit.benchmarking.records import Point
from tacit.pages.bench_page import bench_file
from tests.benchmarking.runs import phases, record
from tests.pages.site import Site, served

HOSTILE = "<b>x</b>&"


def fill(folder: Path) -> None:
    ledger = ledger_of(tacit.open(folder))
    for turn in range(3):
        for arm in ("fast", HOSTILE):
            ledger.append(
                record(
                    id=ledger.number(),
                    arm=arm,
                    turn=turn,
                    reason=HOSTILE,
                    curve=(Point(0.95, phases(train=9.0 + turn)),),
                    others=0.5,
                )
            )
    ledger.append(record(id=ledger.number(), benchmark="other one", metric="r2", target=None))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("benched")
    fill(folder)
    with served(folder) as site:
        yield site
    tacit.project.close()


def test_each_benchmark_has_its_table_and_its_drawings(site: Site) -> None:
    text = site.get("/bench").text

    assert "tone/fast" in text
    assert "3 of 3" in text
    assert "&lt;b&gt;x" in text
    assert "<b>x" not in text
    assert "its seconds are not to be trusted" in text
    drawings = re.findall(r'<img src="([^"]+)"', text)
    assert [d for d in drawings if "tone" in d] == [
        f"/bench/tone/{kind}.svg?policy=all" for kind in ("curves", "frontier", "history")
    ]
    for address in drawings:
        answer = site.get(address)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "<b>" not in answer.text


def test_another_policy_counts_other_phases(site: Site) -> None:
    assert "counted: train." in site.get("/bench?policy=train").text
    assert site.get("/bench?policy=lunch").status == 422


def test_a_drawing_that_there_is_not_is_an_error_with_a_next_step(site: Site) -> None:
    assert site.get("/bench/nothing/curves.svg").status == 422
    assert site.get("/bench/tone/pie.svg").status == 422


def test_the_first_page_leads_there_where_there_is_a_ledger(site: Site) -> None:
    assert 'href="/bench"' in site.get("/").text


def test_without_a_ledger_the_page_says_what_to_type(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        assert "tacit bench run TASK --target SCORE" in site.get("/bench").text
        assert 'href="/bench"' not in site.get("/").text


def test_the_file_needs_nothing_else_and_stays_small(tmp_path: Path) -> None:
    fill(tmp_path)
    text = bench_file(tacit.open(tmp_path), board())

    assert re.findall(r'(?:src|href|action)="(?!data:)', text) == []
    assert text.count("data:image/svg+xml;base64,") >= 4
    assert "<script" not in text
    assert "<b>x" not in text
    assert len(text.encode()) < 5_000_000

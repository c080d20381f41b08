"""Examples are searched, filtered and looked at one by one."""

from __future__ import annotations

import re

import pytest

import tacit
from tests.pages.site import Site


def ids(text: str) -> list[str]:
    return re.findall(r'<a class="row-link[^"]*" href="/tasks/\w+/examples/([0-9a-f]{32})"', text)


def test_the_list_has_inputs_and_labels(site: Site) -> None:
    text = site.get("/tasks/sentiment/examples").text
    assert len(ids(text)) == 50
    assert "positive" in text
    assert "Next page" in text
    assert "Previous page" not in text


def test_pages_lead_on_and_back_with_the_search_kept(site: Site) -> None:
    first = site.get("/tasks/sentiment/examples?q=on+day&labeled=labeled").text
    on = re.search(r'href="(\?[^"]+)" rel="next"', first)
    assert on is None
    first = site.get("/tasks/sentiment/examples?q=on+day").text
    on = re.search(r'href="(\?[^"]+)" rel="next"', first)
    assert on
    second = site.get("/tasks/sentiment/examples" + on[1].replace("&amp;", "&")).text
    assert 'value="on day"' in second
    assert not set(ids(first)) & set(ids(second))
    back = re.search(r'href="(\?[^"]+)" rel="prev"', second)
    assert back
    assert ids(site.get("/tasks/sentiment/examples" + back[1].replace("&amp;", "&")).text) == ids(first)


@pytest.mark.parametrize(
    ("query", "n"), [("labeled=unlabeled", 10), ("split=test", 10), ("q=refund", None), ("q=nothing+like+this", 0)]
)
def test_filters_filter(site: Site, query: str, n: int | None) -> None:
    text = site.get(f"/tasks/sentiment/examples?{query}").text
    if n is not None:
        assert len(ids(text)) in (n, n + 1, n - 1) if n else "No example fits." in text
    else:
        assert 0 < len(ids(text)) < 30


@pytest.mark.parametrize("query", ["after=x", "before=-1", "after=" + "9" * 30, "labeled=some", "split=%00", "after=%D9%A3"])
def test_an_address_that_makes_no_sense_is_a_page_of_its_own(site: Site, query: str) -> None:
    assert site.get(f"/tasks/sentiment/examples?{query}").status == 422


@pytest.mark.parametrize(
    "query", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20onerror=x%3E", "%00", "%ED%A0%80", "%25_", "A" * 5000]
)
def test_what_is_searched_for_stays_text(site: Site, query: str) -> None:
    answer = site.get(f"/tasks/sentiment/examples?q={query}")
    assert answer.status == 200
    assert "<script>alert" not in answer.text
    assert "<img onerror" not in answer.text


def test_one_example_says_who_said_what(site: Site) -> None:
    example = next(site.project.store.examples("sentiment", split="test"))[0]
    tacit.label("sentiment", example.id, "positive", by="ada")
    tacit.label("sentiment", example.id, "negative", by="ada")
    text = site.get(f"/tasks/sentiment/examples/{example.id}").text
    assert example.inputs["review"] in text
    assert "taken back" in text
    assert "<del>" in text
    assert "ada, human" in " ".join(re.sub(r"<[^>]+>", "", text).split())
    assert f"/tasks/sentiment?like={example.id}#try" in text
    assert site.get(f"/tasks/sentiment/examples/{example.id[:12]}").status == 200


@pytest.mark.parametrize("id", ["zz", "0" * 40, "%3Cb%3E", "%00", "ab%25"])
def test_an_example_that_is_not_there_is_a_page_that_says_so(site: Site, id: str) -> None:
    assert site.get(f"/tasks/sentiment/examples/{id}").status == 404


def test_a_record_is_told_by_its_fields_and_images_make_a_gallery(site: Site) -> None:
    record = site.get("/tasks/price/examples").text
    assert "<dt><bdi>size</bdi></dt>" in record
    assert '<ol class="rows gallery"' in site.get("/tasks/side/examples").text

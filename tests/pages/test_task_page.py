"""One page has all there is to know of a task."""

from __future__ import annotations

import re
import time

from tests.pages.site import Site


def test_the_page_has_question_signature_labels_run_releases_and_functions(site: Site) -> None:
    text = site.get("/tasks/sentiment").text
    for part in (
        "Is this review glad or sad?",
        "Go by what it says",
        "-&gt; Literal",
        "tfidf-linear",
        "Live: release",
        "asks_for_refund",
        "import",
        "Make release 1 live",
        "Roll back to the release before 2",
    ):
        assert part in text, part


def test_the_report_is_there_or_comes_by_itself(site: Site) -> None:
    for _ in range(100):
        text = site.get("/tasks/sentiment/report").text
        if "data-later" not in text:
            break
        time.sleep(0.1)
    assert "all rows" in text
    assert "short" in text
    assert "nothing to measure" in text
    assert "<html" not in text


def test_both_curves_are_drawn_and_can_be_read_as_tables(site: Site) -> None:
    text = site.get("/tasks/sentiment").text
    assert "accuracy by seconds of training" in text
    assert "accuracy by labels" in text
    assert text.count("As a table") == 2
    assert len(re.findall(r'<svg viewBox="0 0 400 240" role="img" aria-labelledby="chart-\d chart-\d-text">', text)) == 2


def test_a_task_that_nobody_touched_says_what_to_do(site: Site) -> None:
    text = site.get("/tasks/untouched").text
    assert "Nothing is live" in text
    assert "tacit add untouched FILE --label COLUMN" in text
    assert "There is no model to ask yet." in text


def test_the_form_can_be_filled_in_with_an_example(site: Site) -> None:
    example = next(site.project.store.examples("price"))[3]
    text = site.get(f"/tasks/price?like={example.id}").text
    assert f'value="{example.inputs["home"]["size"]}"' in text
    assert re.search(r'<option value="\d" selected>(north|south)</option>', text)
    assert site.get("/tasks/price?like=zz").status == 404
    assert site.get("/tasks/price?like=%3Cscript%3E").status == 404


def test_an_image_of_an_example_stands_in_for_a_file(site: Site) -> None:
    example = next(site.project.store.examples("side"))[0]
    text = site.get(f"/tasks/side?like={example.id}").text
    assert f"/tasks/side/examples/{example.id}/image/0" in text
    assert 'enctype="multipart/form-data"' in text

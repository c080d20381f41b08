"""The first page has every task with how far it is."""

from __future__ import annotations

from tacit.pages.overview import card
from tests.pages.site import Site


def test_every_task_is_there_with_question_types_counts_and_score(site: Site) -> None:
    text = site.get("/").text
    for name in ("sentiment", "price", "side", "trap", "untouched"):
        assert f'href="/tasks/{name}"' in text
    assert "Is this review glad or sad?" in text
    assert "(review: Text) -&gt; Literal[&#39;positive&#39;, &#39;negative&#39;]" in text
    assert "no model yet" in text
    assert "tacit add untouched FILE --label COLUMN" in text


def test_a_card_has_the_run_of_the_release_that_is_live(site: Site) -> None:
    project = site.project
    about = card(project, project.task("sentiment"))
    live = project.store.live("sentiment")
    assert live is not None
    assert about.run is not None
    assert (about.live, about.run.id) == (live.version, live.model)
    assert about.counts.examples >= 60
    assert about.axis is not None


def test_an_empty_project_shows_the_first_steps(empty_site: Site) -> None:
    text = empty_site.get("/").text
    assert "First steps" in text
    assert "tacit new" in text
    assert "tacit train sentiment" in text

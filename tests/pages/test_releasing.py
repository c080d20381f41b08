"""The buttons move the live pointer once, and only from a page that is up to date."""

from __future__ import annotations

import pytest

from tests.pages.site import Site


def live(site: Site) -> int:
    found = site.project.store.live("sentiment")
    assert found is not None
    return found.version


@pytest.fixture(autouse=True)
def second_is_live(site: Site) -> None:
    site.project.store.set_live("sentiment", 2)


def test_a_release_can_be_made_live_and_rolled_back(site: Site) -> None:
    answer = site.post("/tasks/sentiment/release", {"version": "1", "seen": "2"})
    assert (answer.status, answer.headers["location"]) == (303, "/tasks/sentiment#releases")
    assert live(site) == 1
    assert site.post("/tasks/sentiment/release", {"version": "2", "seen": "1"}).status == 303
    assert site.post("/tasks/sentiment/rollback", {"seen": "2"}).status == 303
    assert live(site) == 1


def test_a_second_click_does_not_roll_back_further(site: Site) -> None:
    assert site.post("/tasks/sentiment/rollback", {"seen": "2"}).status == 303
    answer = site.post("/tasks/sentiment/rollback", {"seen": "2"})
    assert answer.status == 409
    assert "has changed since the page was opened" in answer.text
    assert live(site) == 1


def test_nothing_is_before_the_first(site: Site) -> None:
    site.project.store.set_live("sentiment", 1)
    assert site.post("/tasks/sentiment/rollback", {"seen": "1"}).status == 409
    assert "Roll back" not in site.get("/tasks/sentiment").text


@pytest.mark.parametrize("version", ["", "x", "99", "-1", "٣", "9" * 40])
def test_a_release_that_does_not_exist_is_refused(site: Site, version: str) -> None:
    assert site.post("/tasks/sentiment/release", {"version": version, "seen": "2"}).status == 409
    assert live(site) == 2

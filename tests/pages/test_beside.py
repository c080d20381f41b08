"""Work is done beside the requests, and kept while nothing changes."""

from __future__ import annotations

from typing import Any

import tacit
from tacit.pages.beside import Beside
from tacit.pages.measuring import measured
from tests.pages.site import Site


def reports(project: Any) -> Beside[Any]:
    return Beside(project, measured, "tacit evaluate {}")


def test_it_is_made_once_until_something_changes(site: Site) -> None:
    project = site.project
    beside = reports(project)
    first = beside.of(project.task("side"), wait=30)
    assert first.result is not None
    assert beside.of(project.task("side"), wait=0) is first
    example = next(project.store.examples("side"))[0]
    tacit.label("side", example.id, "left", by="ada")
    assert beside.of(project.task("side"), wait=0) is not first


def test_who_does_not_wait_is_told_that_it_is_not_there_yet(site: Site) -> None:
    project = site.project
    begun = reports(project).of(project.task("sentiment"), wait=0)
    assert begun.done.wait(30)
    assert begun.result is not None


def test_what_cannot_be_made_has_an_error_instead(site: Site) -> None:
    project = site.project
    assert isinstance(reports(project).of(project.task("untouched"), wait=30).error, tacit.TacitError)

    def breaks(project: Any, task: Any) -> None:
        raise ZeroDivisionError("oh")

    broken = Beside(project, breaks, "tacit evaluate {}").of(project.task("side"), wait=30).error
    assert str(broken) == "side broke it (ZeroDivisionError: oh).  next: tacit evaluate side"

"""A report is measured beside the requests, kept while nothing changes, and bounded."""

from __future__ import annotations

import pytest

import tacit
from tacit.errors import NoModel
from tacit.pages import measuring
from tacit.pages.measuring import Measurements, measured
from tests.pages.site import Site


def test_test_rows_are_measured_as_evaluate_does(site: Site) -> None:
    project = site.project
    found = measured(project, project.task("sentiment"))
    whole = tacit.evaluate("sentiment")
    assert found.metrics == pytest.approx(whole.metrics)
    assert found.intervals["accuracy"] == whole.intervals["accuracy"]
    assert {name: g.n for name, g in found.slices.items()} == {name: g.n for name, g in whole.slices.items()}
    assert found.notes == ()


@pytest.mark.parametrize(("task", "metric"), [("side", "accuracy"), ("price", "rmse")])
def test_without_test_rows_it_is_the_rows_that_training_kept_apart(site: Site, task: str, metric: str) -> None:
    project = site.project
    found = measured(project, project.task(task))
    assert [m.name for m in found.whole.measured] == [metric]
    assert "no test rows" in found.notes[0]
    if metric == "accuracy":
        assert found.metrics["accuracy"] == pytest.approx(project.store.runs(task)[-1].record["score"])


def test_slices_that_raise_are_named_and_do_not_end_it(site: Site) -> None:
    project = site.project
    found = measured(project, project.task("trap"))
    assert len(found.slices) == 2
    assert any("raised ValueError" in note for note in found.notes)


def test_a_report_is_made_once_until_something_changes(site: Site) -> None:
    project = site.project
    measurements = Measurements(project)
    first = measurements.of(project.task("side"), wait=30)
    assert first.report is not None
    assert measurements.of(project.task("side"), wait=0) is first
    example = next(project.store.examples("side"))[0]
    tacit.label("side", example.id, "left", by="ada")
    assert measurements.of(project.task("side"), wait=0) is not first


def test_who_does_not_wait_is_told_that_it_is_not_there_yet(site: Site) -> None:
    project = site.project
    begun = Measurements(project).of(project.task("sentiment"), wait=0)
    assert begun.done.wait(30)
    assert begun.report is not None


def test_a_task_without_a_model_has_an_error_instead(site: Site) -> None:
    project = site.project
    assert isinstance(Measurements(project).of(project.task("untouched"), wait=30).error, tacit.TacitError)
    with pytest.raises(NoModel):
        tacit.evaluate("untouched")


def test_a_sample_says_of_how_many_it_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MOST", 4)
    project = site.project
    found = measured(project, project.task("sentiment"))
    assert found.n == 4
    assert found.notes[0].startswith("measured on 4 of 10 test rows")

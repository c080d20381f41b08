"""A report is measured beside the requests, kept while nothing changes, and bounded."""

from __future__ import annotations

import pytest

import tacit
from tacit.errors import ArtifactError
from tacit.pages import measuring
from tacit.pages.measuring import measured
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


def test_a_task_without_a_model_cannot_be_measured(site: Site) -> None:
    with pytest.raises(ArtifactError):
        measured(site.project, site.project.task("untouched"))


def test_a_sample_says_of_how_many_it_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MOST", 4)
    project = site.project
    found = measured(project, project.task("sentiment"))
    assert found.n == 4
    assert found.notes[0].startswith("measured on 4 of 10 test rows")

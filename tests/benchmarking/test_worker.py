"""One run, in this process."""

from __future__ import annotations

from pathlib import Path

from tacit.benchmarking.policies import PHASES
from tacit.benchmarking.worker import run
from tacit.validation import Validation
from tests.benchmarking.test_orders import order
from tests.benchmarking.test_running import project  # noqa: F401  # a fixture


def test_how_it_did_on_single_rows_is_kept_beside_its_figures(project: Path) -> None:  # noqa: F811
    said = run(order(project))

    own, fresh = (Validation.read(project / "run", name) for name in ("own", "fresh"))
    assert (len(own.ids), len(fresh.ids)) == (said["own"], said["fresh_rows"])
    assert fresh.scores["right"].mean() == said["fresh"]
    assert set(said["phases"]) == set(PHASES)
    assert said["labels"] is not None


def test_rows_that_came_after_the_order_are_not_learned_from(project: Path) -> None:  # noqa: F811
    import tacit

    given = order(project)
    before = run(given)
    tacit.add("tone", [{"text": f"new {i}", "tone": "glad"} for i in range(50)], label="tone")

    assert run(given)["data"] == before["data"]

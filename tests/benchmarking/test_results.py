"""What runs come to."""

from __future__ import annotations

import pytest

from tacit.benchmarking.records import Point
from tacit.benchmarking.results import Benchmark, standing
from tacit.errors import OptionError
from tests.benchmarking.runs import phases, record


def took(seconds: float, **more: object) -> dict[str, object]:
    return {"curve": (Point(0.95, phases(train=seconds)),), "phases": phases(train=seconds), **more}


def test_times_are_of_runs_that_reached_the_target_and_the_others_count_as_lost_time() -> None:
    runs = [
        record(id="a-1", **took(10.0)),
        record(id="a-2", **took(14.0)),
        record(id="a-3", status="budget", phases=phases(train=60.0), curve=(Point(0.5, phases(train=9.0)),), score=0.5),
        record(id="a-4", status="failed", reason="no memory", phases=phases(), curve=(), seconds=30.0, score=None, fresh=None),
        record(id="a-5", status="interrupted", phases=phases(), curve=(), seconds=5.0, score=None),
    ]

    found = standing(runs, "all")

    assert (found.spread.n, found.spread.converged) == (4, 2)
    assert found.spread.mean == 12.0
    assert found.spread.expected == 12.0 + (60.0 + 30.0) / 2
    assert (found.interrupted, found.failed) == (1, 1)
    assert found.own == pytest.approx((0.91 + 0.91 + 0.5) / 3)
    assert found.fresh == pytest.approx(0.89)
    assert found.usd == pytest.approx(12.0 / 3600 * 0.36)
    # 0.36 USD an hour are 0.0001 USD a second; an answer takes 1.2 ms
    assert found.usd_per_million == pytest.approx(1.2e-3 * 1e-4 * 1e6)


def test_a_policy_changes_what_counts_and_with_it_the_order() -> None:
    quick = record(arm="quick", curve=(Point(0.95, phases(init=9.0, train=1.0)),))
    warm = record(arm="warm", curve=(Point(0.95, phases(init=1.0, train=5.0)),))

    assert [s.name for s in Benchmark((quick, warm)).standings] == ["tone/warm", "tone/quick"]
    assert [s.name for s in Benchmark((quick, warm), "train").standings] == ["tone/quick", "tone/warm"]


def test_it_reads_as_a_table_with_what_is_to_be_known() -> None:
    never = record(arm="never", status="failed", reason="no memory", curve=(), score=None, fresh=None, latency=None, price=None)

    text = str(Benchmark((record(others=0.5), never), odd=("line 2 is cut off",)))

    assert "tone to accuracy 0.900; counted: init, load, compile, train, eval, save" in text
    assert "1 of 1" in text
    assert "0 of 1" in text
    assert "note: up to 50% of the machine did other work during runs of tone/all: its seconds are not to be trusted" in text
    assert "note: line 2 is cut off" in text
    assert "0badcafe-1 failed: no memory" in text
    assert "n = 1 says nothing of the spread" in text


def test_a_policy_that_there_is_not_is_no_policy() -> None:
    with pytest.raises(OptionError, match='no policy "some"'):
        Benchmark((record(),), "some")


def test_runs_to_several_targets_are_not_one_arm() -> None:
    found = Benchmark((record(), record(target=0.99), record(arm="b")))

    assert list(found.arms) == ["tone/all to accuracy 0.9", "tone/all to accuracy 0.99", "tone/b"]
    assert [s.spread.converged for s in found.standings] == [1, 1, 0]
    assert "to the target of each" in str(found)

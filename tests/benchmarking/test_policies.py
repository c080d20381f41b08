"""Which phases of a run count."""

from __future__ import annotations

import pytest

from tacit.benchmarking.policies import PHASES, POLICIES, check_policy, counted, folded
from tacit.errors import OptionError
from tests.benchmarking.runs import phases


@pytest.mark.parametrize(("policy", "seconds"), [("all", 63.0), ("dawnbench", 15.0), ("mlperf", 58.0), ("train", 8.0)])
def test_a_policy_counts_some_phases(policy: str, seconds: float) -> None:
    spent = phases(init=1.0, load=2.0, compile=4.0, train=8.0, eval=16.0, save=32.0)

    assert counted(spent, policy) == seconds


def test_every_policy_counts_training_and_phases_that_there_are() -> None:
    assert all("train" in some <= set(PHASES) for some in POLICIES.values())


def test_time_belongs_to_the_innermost_phase_and_none_is_lost() -> None:
    spent = {
        "": 1.0,
        "load": 2.0,
        "train": 3.0,
        "train/forward": 4.0,
        "train/eval": 5.0,
        "train/eval/data": 6.0,
        "train/save": 7.0,
    }

    found = folded(spent)

    assert found == phases(init=1.0, load=2.0, train=7.0, eval=11.0, save=7.0)
    assert sum(found.values()) == sum(spent.values())


def test_an_unknown_policy_is_said_with_those_that_there_are() -> None:
    with pytest.raises(OptionError, match=r'no policy "mlprf".*dawnbench counts init, load, compile, train.*--policy mlperf'):
        check_policy("mlprf")

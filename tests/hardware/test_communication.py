"""Tests of what processes spend on each other, in real processes."""

from __future__ import annotations

import sys

import pytest

from tacit.errors import MissingExtra, OptionError
from tacit.hardware import Communication, communication


def test_two_processes_on_this_machine_learn_together() -> None:
    found = communication(2, 40_000, batch=8, steps=3)
    assert (found.processes, found.numbers) == (2, 40_000)
    assert min(found.alone, found.together, found.reducing) > 0
    assert found.share < 1
    assert found.bandwidth == pytest.approx(160_000 / found.reducing)


def test_the_share_is_what_a_step_together_takes_longer() -> None:
    found = Communication(4, 1_000_000, alone=0.03, together=0.04, reducing=0.008)
    assert found.share == pytest.approx(0.25)
    assert found.bandwidth == pytest.approx(5e8)
    assert str(found) == (
        "4 processes, 4.0 MB of gradients: a step takes 40.0 ms, alone 30.0 ms, so that 25% are for the others; "
        "the all-reduce itself takes 8.0 ms"
    )
    assert found.to_dict()["share"] == pytest.approx(0.25)


def test_it_ends_within_its_limit() -> None:
    with pytest.raises(OptionError, match="did not exchange"):
        communication(2, 100, limit=0.1)


def test_a_process_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "no-such-device")
    with pytest.raises(OptionError, match=r"a process that was to exchange gradients ended with .*no-such-device"):
        communication(2, 100, limit=30)


def test_without_torch_nothing_can_be_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match="by torch"):
        communication(2, 100)


@pytest.mark.parametrize("bad", [{"processes": 1}, {"numbers": 0}, {"batch": 0}, {"steps": 0}])
def test_nothing_to_exchange_is_an_error(bad: dict[str, int]) -> None:
    with pytest.raises(OptionError, match="to exchange"):
        communication(**bad)

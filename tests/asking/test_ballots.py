"""Ballots, filled while a function is asked."""

from __future__ import annotations

from tacit.asking.ballots import FAILED, SPOILED, UNASKED, Ballot, Failure, Tokens


def test_of_many_failures_the_first_are_kept_and_all_are_counted() -> None:
    ballot = Ballot.blank(31)
    for row in range(30):
        ballot.fail(row, Failure("f", "tasks/a.py:3", f"{row:032x}", "raised ValueError: no"), vote=FAILED if row else SPOILED)
    assert ballot.votes == [SPOILED, *[FAILED] * 29, UNASKED]
    assert len(ballot.failures) == 20
    assert str(ballot.failures[1]) == "f raised ValueError: no  at tasks/a.py:3, example 00000000."


def test_tokens_add_up() -> None:
    assert Tokens(1, 2, 3).plus(Tokens(10, 20, 30)) == Tokens(11, 22, 33)

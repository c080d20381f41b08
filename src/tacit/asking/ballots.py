"""What one labeling function says while it is asked: a vote for each example, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from tacit.errors import TacitError

__all__ = ["ABSTAINED", "FAILED", "SAID", "SHOWN", "SPOILED", "UNASKED", "Ballot", "Failure", "Tokens", "Voter"]

SAID = 0
"""What stands for a vote on anything but a category."""

ABSTAINED, FAILED, UNASKED, SPOILED = -1, -2, -3, -4
"""What stands there where there is no vote. Where it failed a function is asked again; a spoiled answer is final."""

SHOWN = 20
"""Failures of one function that are kept in words; the others are counted."""


@dataclass(frozen=True)
class Failure:
    """A labeling function or slice that failed on an example; it gave no vote there, which is not an abstention.

    Attributes:
        function: Its name.
        where: `file:line` of the line that failed.
        example: The id of the example.
        error: What it did: "raised TypeError: unsupported operand ...", "took longer than 5 s".
    """

    function: str
    where: str
    example: str
    error: str

    def __str__(self) -> str:
        return f"{self.function} {self.error}  at {self.where}, example {self.example[:8]}."


class Tokens(NamedTuple):
    """What a language model read and wrote, as its server counts.

    Attributes:
        sent, received: Tokens of prompts and of answers.
        uncounted: Answers whose tokens the server did not tell.
    """

    sent: int = 0
    received: int = 0
    uncounted: int = 0

    def plus(self, other: Tokens) -> Tokens:
        """The sum."""
        return Tokens(*(a + b for a, b in zip(self, other, strict=True)))


@dataclass
class Ballot:
    """One function's votes on some examples, filled while it is asked: what interrupts the asking loses none of them.

    Attributes:
        votes: The code of the vote on each example, see `Vote`, or what stands for one; `UNASKED` at first.
        more: Example, by its place -> what the code does not hold.
        failures: Where it failed, the first 20.
        tokens: What was spent.
    """

    votes: list[int]
    more: dict[int, Any] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    tokens: Tokens = field(default_factory=Tokens)

    @classmethod
    def blank(cls, n: int) -> Ballot:
        """Nothing said of n examples."""
        return cls([UNASKED] * n)

    def cast(self, row: int, code: int, more: Any = None) -> None:
        """Note the vote on an example."""
        self.votes[row] = code
        if more is not None:
            self.more[row] = more

    def fail(self, row: int, failure: Failure, *, vote: int = FAILED) -> None:
        """Note that there is no vote on an example, and why."""
        self.votes[row] = vote
        if len(self.failures) < SHOWN:
            self.failures.append(failure)


class Voter(Protocol):
    """A labeling function that is being asked: one that is called, or a language model.

    Attributes:
        fingerprint: Changes when its votes may have.
        stopped: Whether it is not to be asked any more, for a reason of its own.
        trouble: The error for that, where somebody has to mend something.
    """

    @property
    def fingerprint(self) -> str: ...
    @property
    def stopped(self) -> bool: ...
    @property
    def trouble(self) -> TacitError | None: ...

    def ask(self, inputs: Sequence[Mapping[str, Any]], ids: Sequence[str], ballot: Ballot, deadline: float) -> None:
        """Fill a blank ballot, until the deadline (as `time.monotonic` tells it). Raises `FunctionError`."""

    def cost(self, tokens: Tokens) -> float | None:
        """USD; None for what has no price."""

    def notes(self, tokens: Tokens) -> list[str]:
        """What a reader of the votes should know, besides failures."""

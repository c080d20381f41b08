"""Asking a language model in a labeling function's stead: several questions at once, each answer counted when it comes."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tacit.errors import EndpointError
from tacit.functions import LabelingFunction
from tacit.labels.ballots import SPOILED, Ballot, Failure, Tokens
from tacit.labels.chats import Chat, OutOfTime, Reply, Unanswered
from tacit.labels.prompts import Nonsense, example, form, instructions, prompt_fingerprint, read
from tacit.labels.turns import Turns
from tacit.types import Category

__all__ = ["Asked"]

_GRACE_S = 3.0
"""How long answers that are under way are waited for after Ctrl-C: they are paid for."""

_PATIENCE = 3
_NONSENSE = 20
"""After so many examples in a row without an answer, or without a class in it, the rest would fare no better."""


class Asked:
    """A labeling function whose votes a language model gives; see `Voter`."""

    def __init__(self, function: LabelingFunction, output: Category) -> None:
        assert function.interview is not None
        self.function, self.interview, self.output = function, function.interview, output
        self.fingerprint = prompt_fingerprint(function.interview, output)
        self.trouble: EndpointError | None = None
        self._turns = Turns(function.interview.endpoint.per_minute)
        self._chat: Chat | None = None
        self._unanswered = self._nonsense = 0  # in a row

    @property
    def stopped(self) -> bool:
        """Whether its server has to be mended first."""
        return self.trouble is not None

    def ask(self, inputs: Sequence[Mapping[str, Any]], ids: Sequence[str], ballot: Ballot, deadline: float) -> None:
        """Ask about each example, several at once, until the deadline, or until there is trouble. Raises nothing."""
        if self.trouble is not None or not inputs:
            return
        try:
            self._chat = self._chat or Chat(self.function, self._turns)
        except EndpointError as error:
            self.trouble = error
            return
        heard: queue.SimpleQueue[tuple[int, Reply | Exception] | None] = queue.SimpleQueue()
        rows, turn = iter(range(len(inputs))), threading.Lock()
        halt = threading.Event()
        working = min(self.interview.endpoint.at_once, len(inputs))
        for _ in range(working):
            # Daemons: a request that hangs does not keep the process from ending.
            threading.Thread(
                target=self._work, args=(self._chat, inputs, rows, turn, halt, heard, deadline), name="tacit-asks", daemon=True
            ).start()
        try:
            while working:
                answer = heard.get()
                if answer is None:
                    working -= 1
                else:
                    self._count(*answer, ids, ballot)
                    if self.stopped:
                        halt.set()
        except BaseException:
            halt.set()
            self._turns.stop()
            until = time.monotonic() + _GRACE_S
            while working and (left := until - time.monotonic()) > 0:
                try:
                    answer = heard.get(timeout=left)
                except queue.Empty:
                    break
                if answer is None:
                    working -= 1
                else:
                    self._count(*answer, ids, ballot)
            raise

    def _work(
        self,
        chat: Chat,
        inputs: Sequence[Mapping[str, Any]],
        rows: Iterator[int],
        turn: threading.Lock,
        halt: threading.Event,
        heard: queue.SimpleQueue[tuple[int, Reply | Exception] | None],
        deadline: float,
    ) -> None:
        """Ask about one example after the other, as long as some are left."""
        told, shape = instructions(self.interview, self.output), form(self.output)
        while not halt.is_set():
            with turn:
                row = next(rows, None)
            if row is None:
                break
            try:
                heard.put((row, chat.ask(told, example(self.interview, inputs[row]), shape, deadline=deadline)))
            except OutOfTime:
                break
            except Exception as error:
                heard.put((row, error))
        heard.put(None)

    def _count(self, row: int, said: Reply | Exception, ids: Sequence[str], ballot: Ballot) -> None:
        if isinstance(said, Reply):
            ballot.tokens = ballot.tokens.plus(said.tokens)
            self._unanswered = 0
            try:
                ballot.votes[row] = read(said.text, self.output)
                self._nonsense = 0
            except Nonsense as nonsense:
                # The temperature is 0: it would say the same again, for the same money.
                ballot.fail(row, self._failure(ids[row], nonsense), vote=SPOILED)
                self._nonsense += 1
                self._lose_patience(
                    self._nonsense, _NONSENSE, nonsense, f"another model, or a docstring of {self.function.name} that helps it"
                )
        elif isinstance(said, Unanswered):
            ballot.fail(row, self._failure(ids[row], said))
            self._unanswered += 1
            most = max(_PATIENCE, self.interview.endpoint.at_once)
            self._lose_patience(
                self._unanswered, most, said, f"tacit votes {self.interview.task}, once it answers; what it said is kept"
            )
        elif isinstance(said, EndpointError):
            self.trouble = self.trouble or said
        else:
            raise said

    def _failure(self, example: str, error: Exception) -> Failure:
        return Failure(self.function.name, self.function.where, example, str(error))

    def _lose_patience(self, times: int, most: int, error: Exception, next: str) -> None:
        if times >= most and self.trouble is None:
            self.trouble = EndpointError(
                f"{self.function.name} {error}; so it was {times} times in a row", where=self.function.where, next=next
            )

    def cost(self, tokens: Tokens) -> float | None:
        """USD for these tokens; None without a price, or where the server did not count."""
        price = self.interview.endpoint.price
        if price is None or tokens.uncounted:
            return None
        return (tokens.sent * price[0] + tokens.received * price[1]) / 1e6

    def notes(self, tokens: Tokens) -> list[str]:
        """What the cost does not hold."""
        name = self.function.name
        if tokens.uncounted:
            return [
                f"the server of {name} did not count the tokens of {tokens.uncounted:,} answers, so what its votes cost is not known"
            ]
        if self.interview.endpoint.price is None and tokens.sent + tokens.received:
            total = tokens.sent + tokens.received
            return [f"{name} has no price, so what its {total:,} tokens cost is not known; labeling_function(price=...) tells"]
        return []

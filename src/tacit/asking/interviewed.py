"""Asking a language model in a labeling function's stead: several questions at once, each answer counted when it comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tacit.asking.ballots import FAILED, SPOILED, Ballot, Failure, Tokens
from tacit.asking.chats import Chat, OutOfTime, Refused, Reply, Unanswered
from tacit.asking.prompts import Answerable, Nonsense, example, form, instructions, prompt_fingerprint, read, room
from tacit.asking.turns import Turns
from tacit.errors import EndpointError
from tacit.functions import LabelingFunction

__all__ = ["Interviewed"]

_GRACE_S = 3.0
"""How long answers that are under way are waited for after Ctrl-C, since they are paid for, and after the time is over."""

_LOOKS_EVERY_S = 0.5
"""How often it is looked, while no answer comes, whether a request hangs."""

_PATIENCE = 3
_NONSENSE = 20
"""After so many examples in a row without an answer, or refused or without a class in it, the rest would fare no better."""


class _Hall:
    """Where those who ask meet the one who counts.

    Attributes:
        heard: Answers as they came, each with the row that it is about; None from each thread that ends. It only grows, so
            that Ctrl-C between taking an answer and counting it loses none.
        counted, ended: How many of them, and how many ends of threads among them, the one who counts has counted.
        news: Released once for each of them.
    """

    def __init__(self, rows: Iterator[int], deadline: float, at_once: int) -> None:
        self.deadline = deadline
        self.heard: list[tuple[int, Reply | Exception] | None] = []
        self.counted = self.ended = 0
        self.news = threading.Semaphore(0)
        self._rows, self._lock = rows, threading.Condition()
        self._at_once, self._closed = at_once, False
        self._asked: dict[int, int | None] = {}  # thread -> the row that it asks about
        self._lost: set[int] = set()

    def next_row(self) -> int | None:
        """The next row to ask about, or None. It waits for the one who counts: questions cost money, and may have to end."""
        me = threading.get_ident()
        with self._lock:
            self._lock.wait_for(lambda: self._closed or len(self.heard) - self.counted < self._at_once)
            over = self._closed or me in self._lost
            self._asked[me] = None if over else next(self._rows, None)
            return self._asked[me]

    def count_one(self) -> None:
        """One more answer, or end of a thread, is counted."""
        with self._lock:
            self.ended += self.heard[self.counted] is None
            self.counted += 1
            self._lock.notify_all()

    def close(self) -> None:
        """No more is to be asked."""
        with self._lock:
            self._closed = True
            self._lock.notify_all()

    def tell(self, answer: tuple[int, Reply | Exception] | None) -> None:
        """Hand an answer over, unless nobody waits for this thread any more."""
        with self._lock:
            if threading.get_ident() in self._lost:
                return
            self.heard.append(answer)
        self.news.release()

    def give_up(self, thread: int, reason: str) -> bool:
        """Wait no longer for a thread that hangs: its example has no answer, if there was time for one. False if it was given up."""
        with self._lock:
            row = self._asked.get(thread)
            if thread in self._lost or row is None:
                return False
            self._lost.add(thread)
            late = time.monotonic() >= self.deadline
            told: list[tuple[int, Reply | Exception] | None] = [] if late else [(row, Unanswered(reason))]
            self.heard += [*told, None]
        self.news.release(len(told) + 1)
        return True


class Interviewed:
    """A labeling function whose votes a language model gives; see `Voter`."""

    def __init__(self, function: LabelingFunction, output: Answerable) -> None:
        assert function.interview is not None
        self.function, self.interview, self.output = function, function.interview, output
        self.fingerprint = prompt_fingerprint(function.interview, output)
        self.trouble: EndpointError | None = None
        self._turns = Turns(function.interview.endpoint.per_minute)
        self._chat: Chat | None = None
        self._unanswered = self._nonsense = self._refused = 0  # in a row
        self._replied = False
        self._doubtful: list[int] = []  # rows that were refused before anything was answered

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
        self._doubtful = []
        at_once = min(self.interview.endpoint.at_once, len(inputs))
        hall = _Hall(iter(range(len(inputs))), deadline, at_once)
        threads = [self._asker(self._chat, inputs, hall) for _ in range(at_once)]
        try:
            for thread in threads:
                thread.start()
            while hall.ended < len(threads):
                if not hall.news.acquire(timeout=_LOOKS_EVERY_S):
                    for hung in self._chat.overdue(_GRACE_S):
                        if hall.give_up(hung, self._chat.silence):
                            threads.append(self._asker(self._chat, inputs, hall))
                            threads[-1].start()
                    continue
                self._count(hall.heard[hall.counted], ids, ballot)
                if self.stopped:
                    hall.close()
                    self._turns.stop()
                hall.count_one()
        except BaseException:
            hall.close()
            self._turns.stop()
            until = time.monotonic() + _GRACE_S
            for thread in threads:
                if thread.is_alive():
                    thread.join(max(0.0, until - time.monotonic()))
            for answer in hall.heard[hall.counted :]:
                self._count(answer, ids, ballot)
            raise

    def _asker(self, chat: Chat, inputs: Sequence[Mapping[str, Any]], hall: _Hall) -> threading.Thread:
        """A thread that asks. It is a daemon: a request that hangs does not keep the process from ending."""
        return threading.Thread(target=self._work, args=(chat, inputs, hall), name="tacit-asks", daemon=True)

    def _work(self, chat: Chat, inputs: Sequence[Mapping[str, Any]], hall: _Hall) -> None:
        """Ask about one example after the other, as long as some are left."""
        told, shape, most = instructions(self.interview, self.output), form(self.output), room(self.output)
        while (row := hall.next_row()) is not None:
            try:
                asked = example(self.interview, inputs[row])
                hall.tell((row, chat.ask(told, asked, shape, most=most, deadline=hall.deadline)))
            except OutOfTime:
                break
            except Exception as error:
                hall.tell((row, error))
        hall.tell(None)

    def _count(self, answer: tuple[int, Reply | Exception] | None, ids: Sequence[str], ballot: Ballot) -> None:
        if answer is None:
            return
        row, said = answer
        if isinstance(said, Reply):
            ballot.tokens = ballot.tokens.plus(said.tokens)
            self._unanswered = self._refused = 0
            self._replied = True
            while self._doubtful:
                ballot.votes[self._doubtful.pop()] = SPOILED
            try:
                ballot.cast(row, *read(said.text, self.output))
                self._nonsense = 0
            except Nonsense as nonsense:
                # The temperature is 0, mostly: it would say the same again, for the same money.
                ballot.fail(row, self._failure(ids[row], nonsense), vote=SPOILED)
                self._nonsense += 1
                self._lose_patience(
                    self._nonsense, _NONSENSE, nonsense, f"another model, or a docstring of {self.function.name} that helps it"
                )
        elif isinstance(said, Refused):
            # A server that answered others means this example; one that never did may refuse them all, until it is mended.
            ballot.fail(row, self._failure(ids[row], said), vote=SPOILED if self._replied else FAILED)
            if not self._replied:
                self._doubtful.append(row)
            self._refused += 1
            self._lose_patience(self._refused, _NONSENSE, said, f"mend what it says, then tacit votes {self.interview.task}")
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

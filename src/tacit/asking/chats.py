"""Questions to a language model: an OpenAI-compatible server, asked over HTTP, with patience and within bounds."""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from typing import Any, NamedTuple

from tacit.asking.ballots import Tokens
from tacit.asking.turns import Turns
from tacit.errors import EndpointError, quote
from tacit.functions import LabelingFunction

__all__ = ["Chat", "OutOfTime", "Refused", "Reply", "Unanswered"]

_TRIES = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 60.0
_CONNECT_S = 10.0
_LARGEST = 1_000_000  # bytes of an answer; one word is asked for
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_BOUND = "max_tokens"
_WISHES = ("response_format", _BOUND, "temperature")  # what a server may refuse, and is asked without then
_WISH_REFUSED = frozenset({400, 422})
_OF_ONE = frozenset({400, 413, 422})  # what may be wrong with one example, such as a text that is too long


class Unanswered(Exception):
    """There is no answer for one example, which may be asked about again. The reason reads after the name of the function."""


class Refused(Unanswered):
    """The server takes no question about this example, such as one whose text is too long, or is kept out by a filter."""


class OutOfTime(Exception):
    """The deadline came first; nothing was asked, or nothing heard."""


class Reply(NamedTuple):
    """What the model said, None if nothing, and the tokens that it took."""

    text: str | None
    tokens: Tokens


class _Answer(NamedTuple):
    status: int
    headers: Any
    data: bytes


class Chat:
    """A connection to the server of one labeling function, for several threads.

    The key is read from the environment here. It goes to this one address only: no redirect is followed.

    Arguments:
        function: One with an interview.
        turns: When a request may be sent.

    Raises:
        EndpointError: The variable that is to hold the key does not.
    """

    def __init__(self, function: LabelingFunction, turns: Turns) -> None:
        import urllib3

        assert function.interview is not None
        self.function, self.interview, self.endpoint, self.turns = (
            function,
            function.interview,
            function.interview.endpoint,
            turns,
        )
        self._key = self._read_key()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "tacit"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        self._pool = urllib3.PoolManager(1, headers=headers, maxsize=self.endpoint.at_once)
        self._without: frozenset[str] | None = None  # the wishes that the server refuses, once it answered
        self._heard = False
        self._due: dict[int, float] = {}

    @property
    def silence(self) -> str:
        """Why there is no answer, where it took too long."""
        return f"had no answer from its language model within {self.endpoint.timeout:g} s"

    def ask(self, instructions: str, example: str, form: dict[str, Any], *, most: int, deadline: float) -> Reply:
        """One question. A server that refuses the form, a temperature of 0 or a bound is asked without.

        Arguments:
            most: Tokens that the answer may take. Where it is cut at that, as by a model that thinks first, it is asked for again
                without a bound, and so are all that follow.

        Raises:
            Unanswered: There is no answer for this example.
            Refused: And there will be none, if the server takes questions about others.
            OutOfTime: The deadline passed.
            EndpointError: Somebody has to mend something first; no example would be answered.
        """
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": example}]
        body = {"model": self.endpoint.model, "messages": messages, "stream": False}
        wishes = dict(zip(_WISHES, (form, most, 0), strict=True))
        without: frozenset[str] = self._without or frozenset()
        spent = Tokens()
        while True:
            answer = self._sent_until_heard(body | {n: v for n, v in wishes.items() if n not in without}, deadline)
            if answer.status in _WISH_REFUSED and len(without) < len(_WISHES):
                without = self._fewer(without, answer)
                continue
            reply, cut = self._read(answer)
            if self._without is None:
                self._without = without
            spent = spent.plus(reply.tokens)
            if not cut or _BOUND in without:
                return Reply(reply.text, spent)
            self._without = self._without | {_BOUND}
            without = without | {_BOUND}

    def _fewer(self, without: frozenset[str], answer: _Answer) -> frozenset[str]:
        """What to leave out after a refusal: what the server names, or the next; all, where it took the same of other examples."""
        if self._without is not None:
            return frozenset(_WISHES)
        left = [wish for wish in _WISHES if wish not in without]
        said = answer.data.decode(errors="replace")
        return without | (frozenset(wish for wish in left if wish in said) or {left[0]})

    def _sent_until_heard(self, body: dict[str, Any], deadline: float) -> _Answer:
        """The answer to a request, which is sent again, later and later, while the server is busy or out of reach."""
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError, SSLError, TimeoutError

        data, reason = json.dumps(body).encode(), ""
        for attempt in range(_TRIES):
            if not self.turns.take(deadline):
                raise OutOfTime
            wait = min(_FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S) * (0.5 + secrets.randbelow(500) / 1000)
            try:
                answer = self._sent(data, deadline)
            except (NewConnectionError, ConnectTimeoutError):
                if time.monotonic() >= deadline:
                    raise OutOfTime from None
                if not self._heard:
                    raise self._out_of_reach() from None
                reason = "could not reach its language model"
            except TimeoutError:
                if time.monotonic() >= deadline:
                    raise OutOfTime from None
                raise Unanswered(self.silence) from None
            except ProtocolError:
                reason = "lost the connection to its language model"
            except SSLError as error:
                raise self._untrusted(error) from None
            except HTTPError as error:
                raise Unanswered(f"could not ask its language model ({type(error).__name__})") from None
            else:
                self._heard = True
                if answer.status not in _BUSY:
                    return answer
                reason = f"had no answer from its language model, which was busy ({self._said(answer)})"
                wait = self._wait_asked_for(answer, wait)
            if attempt + 1 < _TRIES:
                self.turns.hold(wait)
        raise Unanswered(f"{reason}, {_TRIES} times")

    def overdue(self, grace: float) -> list[int]:
        """Threads whose request ought to have ended so many seconds ago.

        No limit of a socket ends one that looks for an address, or gets its headers a byte at a time.
        """
        now = time.monotonic()
        return [thread for thread, until in self._due.copy().items() if now > until + grace]

    def _sent(self, data: bytes, deadline: float) -> _Answer:
        left = min(self.endpoint.timeout, deadline - time.monotonic())
        if left <= 0:
            raise OutOfTime
        me = threading.get_ident()
        self._due[me] = time.monotonic() + left
        try:
            return self._exchanged(data, left)
        finally:
            del self._due[me]

    def _exchanged(self, data: bytes, left: float) -> _Answer:
        import urllib3

        until = time.monotonic() + left
        response = self._pool.request(
            "POST",
            f"{self.endpoint.url}/chat/completions",
            body=data,
            timeout=urllib3.Timeout(connect=min(left, _CONNECT_S), read=left),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        received = bytearray()
        try:
            while part := response.read1(65536):
                received += part
                if len(received) > _LARGEST:
                    raise Unanswered(f"had an answer of more than {_LARGEST:,} bytes")
                if time.monotonic() > until:  # one that sends a byte now and then is slow too
                    raise urllib3.exceptions.TimeoutError
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return _Answer(response.status, response.headers, bytes(received))

    def _wait_asked_for(self, answer: _Answer, otherwise: float) -> float:
        from urllib3.exceptions import InvalidHeader
        from urllib3.util import Retry

        said = answer.headers.get("Retry-After")
        if said is None:
            return otherwise
        try:
            wait = float(Retry().parse_retry_after(said))
        except (InvalidHeader, ValueError, OverflowError):
            return otherwise
        if wait > _LONGEST_WAIT_S:
            raise self._error(
                f"{self.endpoint.url} asks not to be asked for {wait:,.0f} s ({self._said(answer)})",
                None,
                f"wait, then tacit votes {self.interview.task}; what was said is kept",
            )
        return wait

    def _read(self, answer: _Answer) -> tuple[Reply, bool]:
        """What was said, and whether it was cut."""
        if answer.status in _OF_ONE:
            raise Refused(f"was refused by its language model ({self._said(answer)})")
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            said = json.loads(answer.data)
            choice = said["choices"][0]
            text, cut = choice["message"].get("content"), choice.get("finish_reason") == "length"
            usage = said.get("usage")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            start = quote(self._hidden(answer.data.decode(errors="replace")))
            raise Unanswered(f"had an answer that is no chat completion ({start})") from None
        counts: list[Any] = [usage.get(n) for n in ("prompt_tokens", "completion_tokens")] if isinstance(usage, dict) else []
        counted = bool(counts) and all(type(n) is int and 0 <= n < 2**40 for n in counts)
        tokens = Tokens(*counts) if counted else Tokens(uncounted=1)
        return Reply(self._hidden(text) if isinstance(text, str) else None, tokens), cut

    # What goes wrong for all examples

    def _read_key(self) -> str:
        name = self.endpoint.key
        if name is None:
            return ""
        key = os.environ.get(name, "").strip()
        if key and key.isascii() and key.isprintable() and " " not in key:
            return key
        raise self._error(
            f"{self.function.name} takes its key from the environment variable {name}, which "
            f"{'holds what is no key' if key else 'is not set'}",
            None,
            f"export {name}=...",
        )

    def _error(self, what: str, right: str | None, next: str) -> EndpointError:
        return EndpointError(what, where=self.function.where, right=right, next=next)

    def _out_of_reach(self) -> EndpointError:
        return self._error(
            f"the language model of {self.function.name} is out of reach: nothing answers at {self.endpoint.url}",
            None,
            "start its server, or mend llm=",
        )

    def _untrusted(self, error: Exception) -> EndpointError:
        return self._error(
            f"the connection of {self.function.name} to {self.endpoint.url} is not safe ({quote(self._hidden(str(error)))})",
            None,
            "mend the certificate of the server, or llm=",
        )

    def _refusal(self, answer: _Answer) -> EndpointError:
        url, name, said = self.endpoint.url, self.function.name, self._said(answer)
        if 300 <= answer.status < 400:
            to = quote(self._hidden(answer.headers.get("Location") or ""), length=100)
            return self._error(
                f"{url} sends {name} on to {to} ({answer.status})", "a redirect is not followed, since the key would go along",
                "mend llm=, if you trust that address",
            )  # fmt: skip
        if answer.status in (401, 403):
            key = self.endpoint.key
            return self._error(
                f"{url} refuses {name} ({said})",
                f"the key that it was sent is that of the environment variable {key}" if key else "it was sent no key",
                f"export {key}=..." if key else 'write key="OPENAI_API_KEY", the variable that holds the key',
            )
        if answer.status == 404:
            return self._error(
                f"{url} has no model {quote(self.endpoint.model)}, or is no such address ({said})",
                "/chat/completions is put behind llm",
                f"see {url}/models, and mend model= or llm=",
            )
        return self._error(f"{url} does not answer {name} ({said})", None, "mend what it says, or llm=")

    def _said(self, answer: _Answer) -> str:
        """The status of a refusal, and the server's own words."""
        try:
            said = json.loads(answer.data)
            said = said["error"] if isinstance(said, dict) and "error" in said else said
            said = said["message"] if isinstance(said, dict) and "message" in said else said
        except (ValueError, RecursionError):
            said = answer.data.decode(errors="replace")
        shown = said if isinstance(said, str) else json.dumps(said)
        return f"{answer.status}: {quote(self._hidden(shown.strip()), length=100)}" if shown.strip() else str(answer.status)

    def _hidden(self, text: str) -> str:
        """A text without the key, which a server may say back. It is hidden before the text is cut, or a part of it would show."""
        return text.replace(self._key, "***") if self._key else text

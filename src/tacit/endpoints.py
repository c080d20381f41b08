"""Language models that vote: where one is asked, what it costs, and what it is told of the task."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tacit.errors import OptionError, SignatureError, quote
from tacit.types import Kind, Record

__all__ = ["REQUEST_S", "Endpoint", "Interview", "interview"]

REQUEST_S = 60.0
"""How long a request may take where nothing else is said."""

_MOST_AT_ONCE = 64

_NEAR = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
"""Names that end so lead to no host of the internet (RFC 6761, 6762, 8375; .internal is reserved by ICANN)."""


@dataclass(frozen=True)
class Endpoint:
    """A language model behind an OpenAI-compatible address.

    Attributes:
        url: What `/chat/completions` is put behind; http or https.
        model: What the server calls it.
        price: USD for a million tokens of prompts and of answers, or None where that is not known.
        key: The environment variable that holds the key, or None where the server wants none. The key itself is nowhere here.
        at_once: How many requests may be under way, 1 to 64.
        per_minute: The most requests in a minute, or None for no limit.
        timeout: Seconds that a request may take.
    """

    url: str
    model: str
    price: tuple[float, float] | None
    key: str | None
    at_once: int
    per_minute: float | None
    timeout: float


@dataclass(frozen=True)
class Interview:
    """What a language model is told of a task, and where it is asked.

    Attributes:
        endpoint: Where.
        task, question: The task's name and docstring.
        inputs: Name and kind of each of its parameters.
        hint: The docstring of the labeling function.
    """

    endpoint: Endpoint
    task: str
    question: str
    inputs: Mapping[str, Kind]
    hint: str


def interview(
    where: str,
    llm: Any,
    *,
    task: str,
    question: str,
    inputs: Mapping[str, Kind],
    hint: str,
    timeout: float,
    model: Any = None,
    price: Any = None,
    key: Any = None,
    at_once: Any = 4,
    per_minute: Any = None,
) -> Interview:
    """The interview of a labeling function, with its options checked.

    Arguments:
        where: The place of the function, for messages.
        llm, model, price, key, at_once, per_minute: As the user gave them, see `tacit.functions.Options`.

    Raises:
        OptionError: An option has a value that cannot be used.
        SignatureError: An input is an image.
    """

    def refuse(what: str, right: str, write: str) -> OptionError:
        return OptionError(what, where=where, right=right, next=f"write {write}")

    image = next((name for name, kind in inputs.items() if _has_image(kind)), None)
    if image is not None:
        raise SignatureError(
            f"{image} of {task} holds an image, and language models are asked in words",
            where=where,
            next=f"write a function that looks at {image} itself, without llm=",
        )
    if not isinstance(model, str) or not model.strip():
        raise refuse(f"model is {quote(model)}", "it is what the server calls the language model", 'model="llama3"')
    if key is not None and (not isinstance(key, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key)):
        # What stands there may be the key itself, which no message is to show.
        raise refuse("key does not name an environment variable", "the key itself never stands in code", 'key="OPENAI_API_KEY"')
    if isinstance(at_once, bool) or not isinstance(at_once, int) or not 1 <= at_once <= _MOST_AT_ONCE:
        raise refuse(f"at_once is {quote(at_once)}", f"it is a whole number from 1 to {_MOST_AT_ONCE}", "at_once=4")
    if per_minute is not None and not (_is_number(per_minute) and per_minute > 0):
        raise refuse(f"per_minute is {quote(per_minute)}", "it is a number of requests, above 0", "per_minute=60")
    prices = (price, price) if _is_number(price) else price
    if prices is not None and not (
        isinstance(prices, tuple) and len(prices) == 2 and all(_is_number(p) and p >= 0 for p in prices)
    ):
        raise refuse(f"price is {quote(price)}", "it is USD for a million tokens, or (input, output)", "price=(0.15, 0.60)")
    url = _address(llm, refuse)
    if key is not None and url.lower().startswith("http:") and not _is_near(urlsplit(url).hostname or ""):
        raise refuse(
            f"{url} would be sent the key in clear",
            "without https it goes to this machine or a private network only",
            f'llm="https{url[4:]}"',
        )
    endpoint = Endpoint(
        url,
        model,
        None if prices is None else (float(prices[0]), float(prices[1])),
        key,
        at_once,
        None if per_minute is None else float(per_minute),
        timeout,
    )
    return Interview(endpoint, task, question, dict(inputs), hint)


def _address(llm: Any, refuse: Any) -> str:
    sample = 'llm="http://localhost:11434/v1"'
    try:
        parts = urlsplit(llm if isinstance(llm, str) else "")
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or not llm.isprintable() or " " in llm:
        raise refuse(f"llm is {quote(llm)}", "it is an address that begins with http:// or https://", sample)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise refuse(
            "llm holds more than an address", "a name, a password or a key has no place in it", f'{sample}, key="OPENAI_API_KEY"'
        )
    if parts.path.rstrip("/").endswith("/completions"):
        raise refuse(f"llm is {quote(llm)}", "/chat/completions is put behind it", sample)
    return str(llm).rstrip("/")


def _is_near(host: str) -> bool:
    """Whether a host is this machine or one of a private network, as far as its address or name tells."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host.rstrip(".") or host.rstrip(".").endswith(_NEAR)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _has_image(kind: Kind) -> bool:
    inner = getattr(kind, "kind", kind)  # what may be missing holds another kind
    return any(_has_image(k) for _, k in inner.fields) if isinstance(inner, Record) else kind.role == "image"

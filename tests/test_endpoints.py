"""What may be said of a language model that votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tacit.endpoints import Interview
from tacit.errors import OptionError, SignatureError
from tacit.tasks import task
from tacit.types import Image, Text


def polite(text: Text, stars: int) -> bool:
    """Is it polite?"""


def made(**options: Any) -> Interview:
    def asks(text: str, stars: int) -> None:
        """Be strict."""

    fresh = task(polite)
    fresh.labeling_function(**{"llm": "http://localhost:1/v1", "model": "small"} | options)(asks)
    found = fresh.labeling_functions[0].interview
    assert found is not None
    return found


def test_what_is_told_is_the_task_and_the_docstrings() -> None:
    found = made()
    assert (found.task, found.question, found.hint) == ("polite", "Is it polite?", "Be strict.")
    assert {name: str(kind) for name, kind in found.inputs.items()} == {"text": "Text", "stars": "int"}
    assert found.endpoint.url == "http://localhost:1/v1"
    assert (found.endpoint.at_once, found.endpoint.per_minute, found.endpoint.timeout) == (4, None, 60)


@pytest.mark.parametrize(("price", "pair"), [(None, None), (0, (0, 0)), (0.15, (0.15, 0.15)), ((0.15, 0.6), (0.15, 0.6))])
def test_a_price_is_one_number_or_two(price: Any, pair: Any) -> None:
    assert made(price=price).endpoint.price == pair


def test_a_slash_at_the_end_is_none_of_the_address() -> None:
    assert made(llm="https://host/v1/").endpoint.url == "https://host/v1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"llm": ""},
        {"llm": 3},
        {"llm": "localhost:11434/v1"},
        {"llm": "ftp://host/v1"},
        {"llm": "file:///etc/passwd"},
        {"llm": "http:///v1"},
        {"llm": "http://host:port/v1"},
        {"llm": "http://host:99999/v1"},
        {"llm": "http://ho st/v1"},
        {"llm": "http://host/v1\r\nX: y"},
        {"llm": "http://ann:secret@host/v1"},
        {"llm": "http://host/v1?key=secret"},
        {"llm": "http://host/v1/chat/completions"},
        {"model": None},
        {"model": " "},
        {"price": -1},
        {"price": "1"},
        {"price": float("nan")},
        {"price": (1, 2, 3)},
        {"price": (1, -2)},
        {"key": "sk-secret"},
        {"key": ""},
        {"llm": "http://api.example.com/v1", "key": "MY_KEY"},
        {"llm": "HTTP://8.8.8.8/v1", "key": "MY_KEY"},
        {"llm": "http://[2606:4700::1]/v1", "key": "MY_KEY"},
        {"at_once": 0},
        {"at_once": 65},
        {"at_once": 2.5},
        {"at_once": True},
        {"per_minute": 0},
        {"per_minute": "60"},
    ],
    ids=str,
)
def test_what_cannot_be_used_is_refused_where_it_is_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError) as caught:
        made(**wrong)
    assert "test_endpoints.py:" in str(caught.value)
    assert caught.value.next.startswith("write ")
    assert "secret" not in str(caught.value)


def test_a_key_is_sent_in_clear_to_nobody_on_the_internet() -> None:
    with pytest.raises(OptionError, match=r"http://api\.example\.com/v1 would be sent the key in clear") as caught:
        made(llm="http://api.example.com/v1", key="MY_KEY")
    assert caught.value.next == 'write llm="https://api.example.com/v1"'
    assert made(llm="https://api.example.com/v1", key="MY_KEY").endpoint.key == "MY_KEY"
    assert made(llm="http://api.example.com/v1").endpoint.key is None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:1", "10.1.2.3", "192.168.0.7", "ollama", "box.local"])
def test_a_key_may_go_to_this_machine_or_a_private_network_without_https(host: str) -> None:
    assert made(llm=f"http://{host}/v1", key="MY_KEY").endpoint.key == "MY_KEY"


@dataclass
class Offer:
    about: str
    photo: Image | None


def test_images_cannot_be_shown_to_a_language_model() -> None:
    def dear(offer: Offer) -> bool: ...
    def red(photo: Image) -> bool: ...

    for function in (dear, red):
        with pytest.raises(SignatureError, match="holds an image, and language models are asked in words"):
            task(function).labeling_function(llm="http://localhost:1/v1", model="small")(lambda one: None)

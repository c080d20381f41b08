"""One question over real HTTP: what is refused, broken or too much."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tacit.asking.ballots import Tokens
from tacit.asking.chats import Chat, OutOfTime, Refused, Unanswered
from tacit.asking.turns import Turns
from tacit.errors import EndpointError
from tests.asking.server import Says, serving
from tests.asking.test_interviewed import asking
from tests.asking.test_turns import Clock

FORM = {"type": "json_schema"}


def chat(url: str, **options: Any) -> Chat:
    (function,) = asking(url, **options).labeling_functions
    return Chat(function, Turns(None))


def ask(chat: Chat, *, deadline: float = math.inf) -> tuple[str | None, Tokens]:
    return tuple(chat.ask("Glad or sad?", '{"review": "fine"}', FORM, most=80, deadline=deadline))  # type: ignore[return-value]


def test_an_answer_comes_with_what_it_took() -> None:
    with serving(lambda body: Says("positive", usage=(40, 2))) as server:
        assert ask(chat(server.url)) == ("positive", Tokens(40, 2))
        assert server.asked[0]["messages"] == [
            {"role": "system", "content": "Glad or sad?"},
            {"role": "user", "content": '{"review": "fine"}'},
        ]


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_the_form_is_asked_without_it_from_then_on(status: int) -> None:
    with serving(lambda body: Says(status=status) if "response_format" in body else Says("positive")) as server:
        asked = chat(server.url)
        for _ in range(2):
            assert ask(asked)[0] == "positive"
    assert ["response_format" in body for body in server.asked] == [True, False, False]


def test_a_server_that_refuses_the_example_keeps_the_form_for_the_next() -> None:
    refuses = [True]
    with serving(lambda body: Says(status=400, body=b"too long") if refuses[0] else Says("positive")) as server:
        asked = chat(server.url)
        with pytest.raises(Unanswered, match=r'was refused by its language model \(400: "too long"\)'):
            ask(asked)
        refuses[0] = False
        ask(asked)
        assert wishes(server.asked[-1]) == {"response_format", "max_tokens", "temperature"}
        refuses[0] = True
        before = len(server.asked)
        with pytest.raises(Refused):
            ask(asked)
    assert [wishes(body) for body in server.asked[before:]] == [{"response_format", "max_tokens", "temperature"}, set()]


def wishes(body: dict[str, Any]) -> set[str]:
    """What of a request a server may refuse."""
    return body.keys() & {"response_format", "max_tokens", "temperature"}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_temperature_and_bound_is_asked_without_them_from_then_on(status: int, named: bool) -> None:
    def answer(body: dict[str, Any]) -> Says:
        wrong = sorted(wishes(body) & {"max_tokens", "temperature"})
        return Says(status=status, body=f"no {wrong[0]}".encode() if named else b"no") if wrong else Says("positive")

    with serving(answer) as server:
        asked = chat(server.url)
        for _ in range(2):
            assert ask(asked)[0] == "positive"
    assert len(server.asked) == (4 if named else 5)
    assert wishes(server.asked[-1]) == ({"response_format"} if named else set())


def test_an_answer_that_the_bound_cuts_is_asked_for_again_without_it_and_both_are_counted() -> None:
    cut = b'{"choices": [{"finish_reason": "length", "message": {"content": ""}}], "usage": {"prompt_tokens": 9, "completion_tokens": 80}}'
    with serving(lambda body: Says(body=cut) if "max_tokens" in body else Says("positive", usage=(9, 300))) as server:
        asked = chat(server.url)
        assert ask(asked) == ("positive", Tokens(18, 380))
        assert ask(asked) == ("positive", Tokens(9, 300))
    assert [body.get("max_tokens") for body in server.asked] == [80, None, None]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{"message": 3}]}', b"[" * 50_000]
)
def test_what_is_no_chat_completion_is_no_answer(body: bytes) -> None:
    with serving(lambda asked: Says(body=body)) as server, pytest.raises(Unanswered, match="that is no chat completion"):
        ask(chat(server.url))


@pytest.mark.parametrize(
    "usage", [b"null", b"3", b"{}", b'{"prompt_tokens": -1, "completion_tokens": 2}', b'{"prompt_tokens": "1"}']
)
def test_counts_that_are_none_are_not_believed(usage: bytes) -> None:
    body = b'{"choices": [{"message": {"content": "positive"}}], "usage": ' + usage + b"}"
    with serving(lambda asked: Says(body=body)) as server:
        assert ask(chat(server.url)) == ("positive", Tokens(uncounted=1))


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    with serving(lambda body: Says("x" * 3_000_000)) as server, pytest.raises(Unanswered, match="more than 1,000,000 bytes"):
        ask(chat(server.url))


def test_a_connection_that_breaks_is_made_again() -> None:
    broken = iter([Says("positive", cut=20), Says("positive", cut=0)])
    with serving(lambda body: next(broken, Says("negative"))) as server:
        assert ask(chat(server.url))[0] == "negative"
    assert len(server.asked) == 3


def test_a_server_that_goes_away_is_tried_again_and_then_is_no_answer() -> None:
    clock = Clock()
    with serving(lambda body: Says("positive", headers={"Connection": "close"})) as server:
        (function,) = asking(server.url).labeling_functions
        asked = Chat(function, Turns(None, clock=clock, wait=clock.wait))
        ask(asked)
    with pytest.raises(Unanswered, match="could not reach its language model, 5 times"):
        ask(asked)
    assert 0.25 * 15 <= clock.now <= 0.5 * 15  # 0.5, 1, 2 and 4 s, each shortened by up to half, by chance


def test_at_the_deadline_nothing_is_asked() -> None:
    with serving(lambda body: Says("positive")) as server, pytest.raises(OutOfTime):
        ask(chat(server.url), deadline=0)
    assert server.asked == []


@pytest.mark.parametrize("status", [402, 405, 410, 501])
def test_any_other_status_ends_the_asking(status: int) -> None:
    said = Says(status=status, body=b'{"error": {"message": "no credit"}}')
    message = rf'does not answer asks_llm \({status}: "no credit"\)'
    with serving(lambda body: said) as server, pytest.raises(EndpointError, match=message):
        ask(chat(server.url))


def test_a_server_without_a_certificate_that_anybody_trusts_is_not_sent_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret")
    with serving(lambda body: Says("positive")) as server, pytest.raises(EndpointError, match="is not safe"):
        ask(chat(server.url.replace("http:", "https:"), key="MY_KEY"))  # it speaks no TLS at all
    assert server.asked == []


@pytest.mark.parametrize("before", [0, 40, 52, 56, 95, 99])
def test_a_key_that_a_server_says_back_is_hidden_also_where_a_message_is_cut(
    monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret-words")
    text = "x" * before + " sk-secret-words"
    answers = [Says(status=status, body=text.encode(), headers={"Location": text}) for status in (200, 301, 400, 401, 402)]
    for said in (*answers, Says(text)):
        with serving(lambda body, said=said: said) as server:
            try:
                told = str(ask(chat(server.url, key="MY_KEY")))
            except (Unanswered, EndpointError) as error:
                told = str(error)
        assert "sk-" not in told

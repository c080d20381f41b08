"""A language model as one more labeling function, asked by `tacit.votes` over real HTTP."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.errors import EndpointError
from tacit.voting import votes_of
from tests.asking.server import Says, Server, about, inputs_of, serving

REVIEWS = ["I love it", "awful, refund me", "it came on Monday"]


def asking(url: str, **options: Any) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Is this review glad or sad?"""

    @sentiment.labeling_function(llm=url, model="llama3", **options)
    def asks_llm(review: str) -> None:
        """Sarcasm counts as negative."""
        raise AssertionError("the body never runs")

    return sentiment


RIGHT = about({"love": "positive", "awful": "negative"})


def test_its_answers_are_votes_beside_those_of_other_functions(project: Any) -> None:
    with serving(RIGHT) as server:
        sentiment = asking(server.url)

        @sentiment.labeling_function
        def refund(review: str) -> str | None:
            return "negative" if "refund" in review else None

        tacit.add(sentiment, REVIEWS)
        votes = tacit.votes(sentiment)
    assert votes.matrix.tolist() == [[0, -1], [1, 1], [-1, -1]]
    assert sorted(i["review"] for i in server.given()) == sorted(REVIEWS)
    body = server.asked[0]
    assert (body["model"], body["temperature"]) == ("llama3", 0)
    told = body["messages"][0]["content"]
    assert "sentiment(review: Text)" in told
    assert "Is this review glad or sad?" in told
    assert "Sarcasm counts as negative." in told
    assert body["response_format"]["json_schema"]["schema"]["properties"]["answer"]["enum"] == ["positive", "negative", "abstain"]
    assert set(server.paths) == {"/v1/chat/completions"}


def test_an_example_is_asked_about_once_wherever_the_server_stands(project: Any) -> None:
    tacit.add(asking("http://127.0.0.1:9/v1"), REVIEWS)
    with serving(RIGHT) as first, serving(RIGHT) as second:
        before = tacit.votes(asking(first.url)).matrix.tolist()
        assert tacit.votes(asking(second.url, price=3)).matrix.tolist() == before
        tacit.add(asking(second.url), ["I love this one too"])
        assert tacit.votes(asking(second.url)).matrix.tolist() == [*before, [0]]
    assert len(first.asked) == 3
    assert second.given() == [{"review": "I love this one too"}]


def test_what_the_votes_cost_is_kept_with_them_and_told(project: Any) -> None:
    with serving(RIGHT) as server:
        tacit.add(asking(server.url), REVIEWS)
        for _ in range(2):
            votes = tacit.votes(asking(server.url, price=(1.0, 10.0)))
            assert votes.cost == pytest.approx(3 * (100 * 1.0 + 5 * 10.0) / 1e6)
            assert votes.functions[0].tokens == 315
            assert "asks_llm cost $0.00045: 315 tokens." in str(votes)
            assert votes.to_dict()["cost"] == votes.cost
        assert tacit.votes(asking(server.url, price=2)).cost == pytest.approx(315 * 2 / 1e6)  # a price may be corrected
        unpriced = tacit.votes(asking(server.url))
    assert unpriced.cost is None
    assert "asks_llm has no price, so what its 315 tokens cost is not known" in str(unpriced)


def test_a_server_that_does_not_count_leaves_the_cost_unknown(project: Any) -> None:
    with serving(lambda body: Says("positive", usage=None)) as server:
        sentiment = asking(server.url, price=1)
        tacit.add(sentiment, REVIEWS)
        votes = tacit.votes(sentiment)
    assert votes.cost is None
    assert "did not count the tokens of 3 answers" in str(votes)


def test_nonsense_is_no_vote_is_told_and_is_not_paid_for_twice(project: Any) -> None:
    with serving(lambda body: Says("It is hard to say, but rather positive.")) as server:
        sentiment = asking(server.url, price=1)
        tacit.add(sentiment, REVIEWS)
        for _ in range(2):
            votes = tacit.votes(sentiment)
            assert votes.matrix.tolist() == [[-1]] * 3
            assert votes.functions[0].failed == 3
            assert votes.cost == pytest.approx(315 / 1e6)
            assert (
                'asks_llm answered "It is hard to say, but rather positive.", which is none of "positive" or "negative"'
                in str(votes)
            )
        assert len(server.asked) == 3


def test_nothing_but_nonsense_is_given_up(project: Any) -> None:
    with serving(lambda body: Says("42")) as server:
        sentiment = asking(server.url, at_once=1)
        tacit.add(sentiment, [f"text {i}" for i in range(50)])
        with pytest.raises(EndpointError, match=r"answered 42, .* so it was 20 times in a row"):
            tacit.votes(sentiment)
        assert len(server.asked) == 20


def test_a_busy_server_is_asked_again_when_it_says(project: Any) -> None:
    busy = iter([Says(status=429, headers={"Retry-After": "0"}), Says(status=500, headers={"Retry-After": "0"})])
    with serving(lambda body: next(busy, None) or RIGHT(body)) as server:
        sentiment = asking(server.url, at_once=1)
        tacit.add(sentiment, REVIEWS)
        assert tacit.votes(sentiment).matrix.tolist() == [[0], [1], [-1]]
    assert len(server.asked) == 5


def test_a_server_that_fails_on_one_example_leaves_the_others(project: Any) -> None:
    broken = [True]

    def answer(body: dict[str, Any]) -> Says:
        if broken[0] and "awful" in inputs_of(body)["review"]:
            return Says(status=503, headers={"Retry-After": "0"}, body=b"no luck")
        return RIGHT(body)

    with serving(answer) as server:
        sentiment = asking(server.url)
        tacit.add(sentiment, REVIEWS)
        votes = tacit.votes(sentiment)
        assert votes.matrix.tolist() == [[0], [-1], [-1]]
        assert votes.functions[0].failed == 1
        assert 'which was busy (503: "no luck"), 5 times' in str(votes)
        broken[0] = False
        assert tacit.votes(sentiment).matrix.tolist() == [[0], [1], [-1]]
        assert len(server.asked) == 2 + 5 + 1


def test_examples_that_are_refused_are_final_and_do_not_keep_others_from_being_asked(project: Any) -> None:
    def answer(body: dict[str, Any]) -> Says:
        return Says(status=400, body=b"content filter") if "vile" in inputs_of(body)["review"] else RIGHT(body)

    with serving(answer) as server:
        sentiment = asking(server.url, at_once=1)
        tacit.add(sentiment, [*(f"vile {i}" for i in range(5)), "I love it"])
        votes = tacit.votes(sentiment)
        assert votes.matrix.tolist() == [[-1]] * 5 + [[0]]
        assert votes.functions[0].failed == 5
        assert 'was refused by its language model (400: "content filter")' in str(votes)
        tacit.add(sentiment, ["vile too", "awful"])
        assert tacit.votes(sentiment).matrix.tolist() == [[-1]] * 5 + [[0], [-1], [1]]
        asked = len(server.asked)
        assert tacit.votes(sentiment).functions[0].failed == 6
    assert len(server.asked) == asked


def test_a_server_that_refuses_every_example_is_an_error_and_they_are_asked_about_again(project: Any) -> None:
    refuses = [True]
    with serving(lambda body: Says(status=400, body=b"bad key") if refuses[0] else Says("positive")) as server:
        sentiment = asking(server.url, at_once=1)
        tacit.add(sentiment, [f"text {i}" for i in range(30)])
        with pytest.raises(EndpointError, match=r"was refused .* so it was 20 times in a row.* next: mend what it says"):
            tacit.votes(sentiment)
        refuses[0] = False
        assert tacit.votes(sentiment).covered == 1.0


def test_new_examples_are_asked_about_before_those_that_failed(project: Any) -> None:
    broken = Says(status=503, headers={"Retry-After": "0"})
    with serving(lambda body: broken if "vile" in inputs_of(body)["review"] else RIGHT(body)) as server:
        sentiment = asking(server.url, at_once=1)
        tacit.add(sentiment, [f"vile {i}" for i in range(3)])
        with pytest.raises(EndpointError, match="so it was 3 times in a row"):
            tacit.votes(sentiment)
        tacit.add(sentiment, ["I love it"])
        assert votes_of(project, sentiment).matrix[:, 0].tolist() == [-1, -1, -1, 0]


def test_a_server_that_only_fails_is_an_error_and_the_other_functions_are_asked(project: Any) -> None:
    with serving(lambda body: Says(status=500, headers={"Retry-After": "0"})) as server:
        sentiment = asking(server.url, at_once=1)
        asked = []
        sentiment.labeling_function(lambda review: asked.append(review))
        tacit.add(sentiment, [f"text {i}" for i in range(30)])
        with pytest.raises(EndpointError, match=r"was busy \(500\), 5 times; so it was 3 times in a row"):
            tacit.votes(sentiment)
        assert len(asked) == 30
        assert len(server.asked) == 3 * 5


def test_a_server_that_never_answers_ends_after_the_timeout(project: Any) -> None:
    never = threading.Event()
    with serving(lambda body: Says("positive", until=never)) as server:
        sentiment = asking(server.url, timeout=0.2)
        tacit.add(sentiment, REVIEWS)
        votes = votes_of(project, sentiment)
        never.set()
        assert votes.functions[0].failed == 3
        assert "asks_llm had no answer from its language model within 0.2 s" in str(votes)
        assert tacit.votes(asking(server.url)).covered == 1.0


@contextmanager
def trickling() -> Iterator[str]:
    """The address of a server whose headers never end: a byte of them comes now and then."""
    over = threading.Event()

    def trickle(client: socket.socket) -> None:
        with client, suppress(OSError):
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not over.wait(0.05):
                client.sendall(b"x")

    def serve() -> None:
        with suppress(OSError):
            while not over.is_set():
                threads.append(threading.Thread(target=trickle, args=(listening.accept()[0],), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads = [threading.Thread(target=serve, daemon=True)]
        threads[0].start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        finally:
            over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def test_headers_that_never_end_are_no_answer_and_are_not_waited_for(project: Any) -> None:
    with trickling() as url:
        sentiment = asking(url, timeout=0.2, at_once=3)
        tacit.add(sentiment, REVIEWS)
        with pytest.raises(
            EndpointError, match=r"had no answer from its language model within 0\.2 s; so it was 3 times in a row"
        ):
            tacit.votes(sentiment)


def test_headers_that_never_end_are_not_waited_for_beyond_the_deadline(project: Any) -> None:
    with trickling() as url:
        sentiment = asking(url)
        tacit.add(sentiment, REVIEWS)
        votes = votes_of(project, sentiment, deadline=time.monotonic() + 0.2)
    assert (votes.asked, votes.functions[0].failed, votes.trouble) == (0, 0, None)


def test_a_deadline_ends_the_asking_and_keeps_what_was_heard(project: Any) -> None:
    never = threading.Event()

    def answer(body: dict[str, Any]) -> Says:
        return Says("positive", until=None if "0" in inputs_of(body)["review"] else never)

    with serving(answer) as server:
        sentiment = asking(server.url, at_once=2)
        tacit.add(sentiment, [f"text {i}" for i in range(10)])
        votes = votes_of(project, sentiment, deadline=time.monotonic() + 2)
        assert (votes.matrix >= 0).sum() == 1
        assert (votes.asked, votes.functions[0].failed, votes.trouble) == (1, 0, None)
        never.set()
        assert tacit.votes(sentiment).covered == 1.0
        assert [i["review"] for i in server.given()].count("text 0") == 1


def test_there_are_no_more_requests_in_a_minute_than_allowed(project: Any) -> None:
    with serving(RIGHT) as server:
        sentiment = asking(server.url, per_minute=1)
        tacit.add(sentiment, REVIEWS)
        votes = votes_of(project, sentiment, deadline=time.monotonic() + 30)  # the second turn would come after it
    assert len(server.asked) == 1
    assert votes.functions[0].tokens == 105


def test_several_requests_are_under_way_at_once_and_no_more(project: Any) -> None:
    together = threading.Barrier(3, timeout=20)

    def answer(body: dict[str, Any]) -> Says:
        together.wait()  # none of three is answered before the third is there
        return Says("positive")

    with serving(answer) as server:
        sentiment = asking(server.url, at_once=3)
        tacit.add(sentiment, [f"text {i}" for i in range(9)])
        assert tacit.votes(sentiment).covered == 1.0
    assert server.most_at_once == 3


def test_ctrl_c_keeps_what_was_paid_for(project: Any) -> None:
    def answer(body: dict[str, Any]) -> Says:
        if "4" in inputs_of(body)["review"]:
            signal.raise_signal(signal.SIGINT)  # as if it came from the keyboard, to the main thread
        return Says("positive")

    with serving(answer) as server:
        sentiment = asking(server.url, at_once=1)
        tacit.add(sentiment, [f"text {i}" for i in range(8)])
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has background jobs ignore it
        try:
            with pytest.raises(KeyboardInterrupt):
                tacit.votes(sentiment)
        finally:
            signal.signal(signal.SIGINT, before)
        assert tacit.votes(sentiment).covered == 1.0
        asked = [i["review"] for i in server.given()]
    assert sorted(asked) == [f"text {i}" for i in range(8)]


def refused(project: Any, server: Server, **options: Any) -> str:
    """What `votes` raises; `train` says it in a note, and the rest is the same."""
    sentiment = asking(server.url, **options)
    tacit.add(sentiment, REVIEWS)
    with pytest.raises(EndpointError) as caught:
        tacit.votes(sentiment)
    assert "test_interviewed.py:" in str(caught.value)
    return str(caught.value)


def test_no_server_is_a_clear_error(project: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    server = Server(RIGHT)
    server.url = url
    assert f"the language model of asks_llm is out of reach: nothing answers at {url}." in refused(project, server)


def test_a_wrong_key_is_a_clear_error_that_does_not_show_it(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret")
    said = Says(status=401, body=b'{"error": {"message": "Incorrect API key provided: sk-secret"}}')
    with serving(lambda body: said) as server:
        message = refused(project, server, key="MY_KEY")
    assert 'refuses asks_llm (401: "Incorrect API key provided: ***")' in message
    assert "export MY_KEY=..." in message
    assert "sk-secret" not in message
    assert server.headers[0]["Authorization"] == "Bearer sk-secret"
    assert b"sk-secret" not in b"".join(f.read_bytes() for f in project.hidden.rglob("*") if f.is_file())


@pytest.mark.parametrize("value", ["", "  ", "two words", "ümlaut"])
def test_a_key_that_is_not_there_is_a_clear_error_before_anything_is_sent(
    project: Any, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("MY_KEY", value)
    with serving(RIGHT) as server:
        assert "takes its key from the environment variable MY_KEY, which" in refused(project, server, key="MY_KEY")
    assert server.asked == []


def test_without_a_name_no_key_is_sent(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with serving(lambda body: Says(status=401)) as server:
        assert "it was sent no key." in refused(project, server)
    assert "Authorization" not in server.headers[0]


def test_an_unknown_model_is_a_clear_error(project: Any) -> None:
    with serving(lambda body: Says(status=404, body=b'{"error": "model \'llama3\' not found"}')) as server:
        assert 'has no model "llama3", or is no such address (404: "model \'llama3\' not found")' in refused(project, server)


def test_a_redirect_is_not_followed(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret")
    with serving(RIGHT) as other:
        to = {"Location": f"{other.url}/chat/completions"}
        with serving(lambda body: Says(status=307, headers=to)) as server:
            assert "a redirect is not followed, since the key would go along" in refused(project, server, key="MY_KEY")
    assert other.asked == []


def test_a_server_that_wants_to_be_left_alone_for_long_is_an_error(project: Any) -> None:
    with serving(lambda body: Says(status=429, headers={"Retry-After": "3600"})) as server:
        assert "asks not to be asked for 3,600 s (429)" in refused(project, server)
    assert len(server.asked) <= 4


def test_training_uses_the_votes_there_are_and_a_note_tells_the_rest(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    with serving(
        about({"great": "positive", "lovely": "positive", "fun": "positive", "superb": "positive", "on": "negative"})
    ) as server:
        tacit.add(asking(server.url), [r["review"] for r in tiny_reviews])
        tacit.votes(asking(server.url))
        run = tacit.train(asking(server.url, price=10), budget=20, learners=["tfidf-linear"])
        assert run.cost == pytest.approx(60 * 105 * 10 / 1e6)
        assert all(cost == run.cost for _, cost, _ in run.curve)
        assert len(server.asked) == 60
    tacit.add(asking(server.url), ["one more"])
    run = tacit.train(asking(server.url), budget=20, learners=["tfidf-linear"])
    assert run.labels["voted"] == 60
    assert run.cost is None
    assert any("nothing answers at" in note and "Its votes from before are used." in note for note in run.notes)
    assert any("has no price" in note for note in run.notes)

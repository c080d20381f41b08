"""Bodies: JSON that is none, forms that are none, and how much of either is taken."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tacit.server import bodies
from tests.server.test_api import problem


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the request has no body"),
        (b"{", "the body is no JSON (Expecting property name"),
        (b"\xff\xfe", "the body is not UTF-8 at byte 0"),
        (b'{"review": NaN}', "NaN is no number in JSON"),
        (b'{"review": -Infinity}', "-Infinity is no number in JSON"),
        (b"[" * 100_000, "the body is nested too deeply"),
        (b'{"a":' * 100_000, "the body is nested too deeply"),
        (b"9" * 10_000, "the body is no JSON"),
        (b'{"review": "a"} {"review": "b"}', "Extra data"),
    ],
)
def test_what_is_no_json_says_where(client: TestClient, body: bytes, message: str) -> None:
    for path in ("/v1/sentiment", "/v1/sentiment/batch", "/v1/feedback"):
        assert message in problem(client.post(path, content=body), 422)["message"]


def test_json_is_json_whatever_it_is_called(client: TestClient) -> None:
    for type in ("application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/plain", ""):
        assert client.post("/v1/sentiment", content=b'{"review": "fun"}', headers={"content-type": type}).status_code == 200


def test_a_large_body_is_parsed_by_a_thread_to_the_same_end(client: TestClient) -> None:
    text = "great fun " * (bodies.LARGE // 5)
    assert client.post("/v1/sentiment", json={"review": text}).json()["value"] == "positive"
    assert "has 1,000,001 characters" in problem(client.post("/v1/sentiment", json={"review": "x" * 1_000_001}), 422)["message"]


def test_forms_have_a_limit_of_parts(client: TestClient) -> None:
    parts = [(f"field{i}", (None, "x")) for i in range(1100)]
    assert "the form cannot be read" in problem(client.post("/v1/volume", files=parts), 422)["message"]
    headers = {"content-type": "multipart/form-data"}
    assert "boundary" in problem(client.post("/v1/volume", content=b"x", headers=headers), 422)["message"].lower()

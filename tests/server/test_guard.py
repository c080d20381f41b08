"""Who may ask, how much may be sent, and what every answer says."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tacit.project import Project
from tacit.server import create_app, guard
from tacit.server.guard import Guard, is_loopback
from tacit.server.meters import Meters
from tests.server.test_api import problem


@pytest.fixture
def secured(shop: Project) -> Iterator[TestClient]:
    with TestClient(create_app(shop, token="s3cret"), base_url="http://shop.example") as opened:
        yield opened


def test_without_a_token_only_this_machine_is_answered(client: TestClient) -> None:
    for host in ("localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "127.1.2.3", "LOCALHOST", "shop.localhost"):
        assert client.get("/v1", headers={"host": host}).status_code == 200
    for host in ("evil.example", "localhost.evil.example", "10.0.0.1", "", "[", "127.0.0.1.evil.example", "\x7f"):
        assert problem(client.get("/v1", headers={"host": host}), 403)["kind"] == "host"
        assert client.get("/", headers={"host": host}).status_code == 403


def test_with_a_token_everything_but_health_needs_it(secured: TestClient) -> None:
    assert secured.get("/health").status_code == 200
    for path in ("/v1", "/metrics", "/docs", "/openapi.json", "/", "/static/tacit.css", "/v1/sentiment", "/nothing"):
        refused = secured.get(path)
        assert problem(refused, 401)["kind"] == "token"
        assert refused.headers["www-authenticate"].startswith("Bearer")
    basic = base64.b64encode(b"anyone:s3cret").decode()
    for good in ("Bearer s3cret", "bearer s3cret", f"Basic {basic}"):
        assert secured.get("/v1", headers={"authorization": good}).status_code == 200
    for bad in ("Bearer s3cre", "Bearer s3cret!", "Bearer", "s3cret", "Basic s3cret", "Basic !!", "Digest s3cret", "Bearer \xff"):
        assert secured.get("/v1", headers={b"authorization": bad.encode("latin-1")}).status_code == 401


def test_pages_of_other_sites_cannot_write(client: TestClient) -> None:
    for origin in ("http://evil.example", "null", "http://localhost:9999", "https://localhost.evil.example"):
        assert problem(client.post("/v1/sentiment", json={"review": "a"}, headers={"origin": origin}), 403)["kind"] == "origin"
    assert client.post("/v1/sentiment", json={"review": "a"}, headers={"origin": "http://localhost"}).status_code == 200
    assert client.get("/v1", headers={"origin": "http://evil.example"}).status_code == 200
    assert "access-control-allow-origin" not in client.get("/v1").headers


def test_every_answer_has_the_headers_that_browsers_heed(client: TestClient) -> None:
    for path in ("/v1", "/nothing", "/docs", "/", "/static/nothing", "/metrics"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in headers
    assert client.get("/", headers={"host": "evil.example"}).headers["x-content-type-options"] == "nosniff"


def test_a_body_over_the_limit_is_413_whether_or_not_it_says_so(client: TestClient) -> None:
    body = b"x" * (guard.MAX_BODY + 1)

    def chunks() -> Iterator[bytes]:
        for _ in range(33):
            yield b"x" * 2**20

    assert problem(client.post("/v1/sentiment", content=body), 413)["kind"] == "too large"
    assert problem(client.post("/v1/sentiment", content=chunks()), 413)["kind"] == "too large"
    form = {"content-type": "multipart/form-data; boundary=x"}
    assert problem(client.post("/v1/side", content=chunks(), headers=form), 413)["kind"] == "too large"


def ask(guarded: Guard, receive: Any, **scope: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {"type": "http", "method": "POST", "path": "/v1", "headers": [(b"host", b"localhost")], **scope}
    asyncio.run(guarded(whole, receive, send))
    return sent


async def no_body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_a_bug_is_a_500_that_keeps_its_secrets_and_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def buggy(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("a password")

    meters = Meters()
    start, body = ask(Guard(buggy, token=None, meters=meters, tasks=()), no_body)
    assert start["status"] == 500
    assert b"a password" not in body["body"]
    assert "a password" in caplog.text
    assert 'tacit_requests_total{route="none",status="500"} 1' in meters.text()


def test_a_body_that_does_not_come_is_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)

    async def reads(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()

    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {}

    start, _ = ask(Guard(reads, token=None, meters=Meters(), tasks=()), never)
    assert start["status"] == 408


def test_more_requests_than_can_be_answered_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_ACTIVE", 0)
    start, _ = ask(Guard(ask, token=None, meters=Meters(), tasks=()), no_body)  # type: ignore[arg-type]
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]


def test_names_of_this_machine() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.255.0.1", "::1", "a.localhost")))
    assert not any(map(is_loopback, ("", "0.0.0.0", "::", "example.com", "128.0.0.1", "localhost.example.com")))

"""Errors as HTTP sends them."""

from __future__ import annotations

import inspect

import pytest
from starlette.testclient import TestClient

from tacit import errors
from tacit.server.replies import Refused, broken, reply, status_of
from tests.server.test_api import problem


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnknownTask, 404),
        (errors.UnknownPrediction, 404),
        (errors.RowsError, 422),
        (errors.OutsideType, 422),
        (errors.OptionError, 422),
        (errors.NoModel, 409),
        (errors.NotLearnable, 409),
        (errors.ArtifactError, 503),
        (errors.StoreUnavailable, 503),
    ],
)
def test_an_error_has_the_status_of_its_kind(error: type[errors.TacitError], status: int) -> None:
    assert status_of(error("x", next="y")) == status


def test_no_error_on_purpose_is_a_500() -> None:
    for _, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.TacitError):
            assert status_of(error("x", next="y")) in (404, 409, 422, 503)


def test_json_is_never_cached_and_holds_any_text() -> None:
    sent = reply({"text": "\ud800 é"})
    assert sent.body == b'{"text":"\\ud800 \\u00e9"}'
    assert sent.headers["cache-control"] == "no-store"
    assert Refused(413, "a", "b", "c").response().body == b'{"kind":"a","message":"b","next":"c"}'
    assert broken().status_code == 500


def test_no_such_path_and_no_such_method(client: TestClient) -> None:
    assert problem(client.get("/v1/a/b/c"), 404)["next"] == "GET /docs"
    assert problem(client.post("/v1/%2e%2e/x", json={}), 404)["kind"] == "not found"
    refused = client.delete("/v1/sentiment")
    assert "it takes GET, HEAD, POST" in problem(refused, 405)["message"]
    assert refused.headers["allow"] == "GET, HEAD, POST"
    assert problem(client.options("/v1/sentiment"), 405)["kind"] == "method"


def test_people_get_a_page_where_nothing_is_and_programs_get_json(client: TestClient) -> None:
    page = client.get("/nothing<script>", headers={"accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<script>" not in page.text.partition("<main")[2]
    problem(client.get("/nothing", headers={"accept": "*/*"}), 404)
    problem(client.get("/v1/nothing", headers={"accept": "text/html"}), 404)

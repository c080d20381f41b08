"""The application as a whole: pages and API behind one guard, and models that can be missing or damaged."""

from __future__ import annotations

import shutil

import pytest
from starlette.testclient import TestClient

from tacit import predicting
from tacit.project import Project
from tacit.server import create_app
from tests.server.test_api import problem


def test_the_pages_are_there_too(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "sentiment" in page.text
    assert client.get("/tasks/sentiment").status_code == 200


def test_only_its_own_documentation_is_served(client: TestClient) -> None:
    assert client.get("/redoc").status_code == 404
    assert client.get("/docs/oauth2-redirect").status_code == 404


def test_a_damaged_model_is_told_at_the_start_and_answered_with_503(
    shop: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(predicting, "_loaded", {})
    live = shop.store.live("sentiment")
    assert live is not None
    assert live.folder is not None
    shutil.rmtree(shop.hidden / live.folder)
    with TestClient(create_app(shop), base_url="http://localhost") as client:
        refused = client.post("/v1/sentiment", json={"review": "a"})
        assert problem(refused, 503)["kind"] == "artifact"
        assert refused.headers["retry-after"] == "1"
        assert client.post("/v1/volume", json={"height": 1, "width": 1}).status_code == 200
    assert "next: " in caplog.text


def test_a_store_that_cannot_be_written_is_503_and_nothing_is_acknowledged(shop: Project, client: TestClient) -> None:
    id = client.post("/v1/sentiment", json={"review": "a"}).json()["id"]
    with shop.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # one pooled connection, which is used next
    assert problem(client.post("/v1/sentiment", json={"review": "b"}), 503)["kind"] == "store unavailable"
    assert problem(client.post("/v1/feedback", json={"id": id, "value": "positive"}), 503)["kind"] == "store unavailable"
    with shop.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    assert client.post("/v1/sentiment", json={"review": "b"}).status_code == 200

"""The OpenAPI document, and the page made of it."""

from __future__ import annotations

import json
from typing import Any

from fastapi.openapi.models import OpenAPI
from starlette.testclient import TestClient

import tacit
from tacit.project import Project
from tacit.server import create_app
from tacit.server.inputs import columns_of
from tacit.server.openapi import document, example_of


def body(made: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = made["paths"][path]["post"]["requestBody"]["content"]
    return found


def test_it_is_valid_and_has_every_task(client: TestClient) -> None:
    made = client.get("/openapi.json").json()
    OpenAPI(**made)
    for task in ("rating", "sentiment", "side", "volume", "wide"):
        assert made["paths"][f"/v1/{task}"].keys() == {"get", "post"}
        assert made["paths"][f"/v1/{task}/batch"].keys() == {"post"}
    ids = [o["operationId"] for methods in made["paths"].values() for o in methods.values()]
    assert len(ids) == len(set(ids))


def test_it_comes_from_the_signature(shop: Project) -> None:
    made = document(shop)
    sent = body(made, "/v1/sentiment")["application/json"]["schema"]
    assert (sent["required"], sent["properties"]["review"]["type"]) == (["review"], "string")
    answer = made["paths"]["/v1/sentiment"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["properties"]["value"] == {"type": "string", "enum": ["positive", "negative"]}
    assert body(made, "/v1/side").keys() == {"application/json", "multipart/form-data"}
    assert body(made, "/v1/side")["application/json"]["schema"]["required"] == ["photo"]


def test_its_examples_are_stored_ones_and_can_be_sent(shop: Project, client: TestClient) -> None:
    made = document(shop)
    stored = next(shop.store.examples("sentiment"))[0].inputs
    assert body(made, "/v1/sentiment")["application/json"]["example"] == stored
    for task in ("sentiment", "volume"):
        assert client.post(f"/v1/{task}", json=body(made, f"/v1/{task}")["application/json"]["example"]).status_code == 200
        assert (
            client.post(f"/v1/{task}/batch", json=body(made, f"/v1/{task}/batch")["application/json"]["example"]).status_code
            == 200
        )
    columns_of(shop.tasks["rating"], [example_of(shop, shop.tasks["rating"])])


def test_a_long_example_is_not_shown(shop: Project) -> None:
    tacit.add("rating", [{"user": "u" * 1000, "movie": 1}])
    assert example_of(shop, shop.tasks["rating"]) == {"user": "some-id", "movie": "some-id"}


def test_it_says_whether_a_token_is_needed(shop: Project) -> None:
    assert "security" not in document(shop)
    assert document(shop, secured=True)["security"] == [{"token": []}]
    with TestClient(create_app(shop, token="s3cret"), base_url="http://shop.example") as client:
        page = client.get("/docs", headers={"authorization": "Bearer s3cret"}).text
        assert "Authorization: Bearer $TACIT_TOKEN" in page
        assert "s3cret" not in page
        assert json.loads(client.get("/openapi.json", headers={"authorization": "Bearer s3cret"}).text)["security"]

"""The page /docs needs no network and shows hostile data as text."""

from __future__ import annotations

import re
import shlex

from starlette.testclient import TestClient

import tacit
from tacit.project import Project
from tacit.server.docs_page import docs_page
from tacit.server.openapi import document


def test_it_shows_every_operation_with_a_request_to_copy(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page.text
    assert "curl -X POST http://localhost/v1/sentiment" in page.text


def test_it_loads_nothing_from_elsewhere_and_nothing_inline(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "<script" not in page
    assert "style=" not in page
    for link in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert link.startswith(("/", "#"))
        assert link.startswith("#") or client.get(link).status_code == 200
    assert client.get("/docs/style.css").headers["content-type"].startswith("text/css")


def test_hostile_examples_stay_text_in_the_page_and_in_the_shell(shop: Project) -> None:
    hostile = "'; rm -rf / # <script>alert(1)</script> \" $(id) `id`"
    tacit.add("rating", [{"user": hostile, "movie": 1}])
    made = document(shop)
    page = docs_page(made, "http://localhost")
    assert "<script" not in page
    (command,) = re.findall(r"<pre[^>]*>(curl -X POST http://localhost/v1/rating .*?)</pre>", page, re.DOTALL)
    import html

    words = shlex.split(html.unescape(command).replace("\\\n", " "))
    assert hostile.replace('"', '\\"') in words[-1]

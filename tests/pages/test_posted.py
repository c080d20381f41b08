"""Forms are taken from the pages themselves only, and within limits."""

from __future__ import annotations

import pytest

from tacit.pages.posted import LARGEST, Posted
from tests.pages.site import Site


def test_a_form_of_the_page_is_taken(site: Site) -> None:
    assert site.post("/tasks/sentiment", {"in.review": "great film"}).status == 200
    same = {"Sec-Fetch-Site": "same-origin", "Origin": site.url}
    assert site.post("/tasks/sentiment", {"in.review": "great film"}, same).status == 200


@pytest.mark.parametrize(
    "path", ["/tasks/sentiment", "/tasks/sentiment/release", "/tasks/sentiment/rollback", "/tasks/sentiment/feedback"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
    ids=lambda h: "".join(h.values()),
)
def test_a_form_of_another_site_is_refused_even_with_the_token(
    site: Site, bare_site: Site, path: str, headers: dict[str, str]
) -> None:
    before = site.project.store.live("sentiment")
    fields = {"in.review": "x", "version": "1", "seen": "2"}
    assert site.post(path, fields, headers).status == 403
    answer = bare_site.post(path, fields, headers)
    assert answer.status == 403
    assert "sent by another site" in answer.text
    assert site.project.store.live("sentiment") == before


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 5000])
def test_a_form_without_the_token_is_refused(site: Site, token: str) -> None:
    answer = site.post("/tasks/sentiment/release", {"token": token, "version": "1", "seen": "2"})
    assert answer.status == 403
    assert "reload the page" in answer.text


def test_reading_changes_nothing(site: Site) -> None:
    assert site.get("/tasks/sentiment/release").status == 405
    assert site.get("/tasks/sentiment/rollback").status == 405


def test_a_file_that_is_too_large_is_refused(site: Site) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="in.photo"; filename="a.png"\r\n\r\n'
    body = head + b"x" * LARGEST + b"\r\n--x--\r\n"
    answer = site.send("/tasks/side", body, {"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status == 413
    assert "32 MB" in answer.text


def test_a_text_that_is_too_large_is_refused(site: Site) -> None:
    answer = site.post("/tasks/sentiment", {"in.review": "x" * 6_000_000})
    assert answer.status == 422
    assert "cannot be read" in answer.text


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain", ""])
def test_a_form_that_cannot_be_read_is_refused_with_a_page(site: Site, kind: str) -> None:
    answer = site.post("/tasks/sentiment", {"in.review": "great"}, {"Content-Type": kind})
    assert answer.status in (403, 422)
    assert "next" in answer.text


def test_the_first_text_of_a_name_is_the_one_that_counts() -> None:
    assert Posted({"a": ["x", "y"]}).one("a") == "x"
    assert Posted().one("a") == ""

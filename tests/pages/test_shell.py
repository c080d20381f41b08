"""What every page shares: files, headers, and errors that become pages."""

from __future__ import annotations

from pathlib import Path

import pytest

import tacit
from tacit.errors import GateError, NoModel, OptionError, StoreUnavailable, UnknownExample, UnknownTask
from tacit.pages.shell import Shell, status_of
from tests.pages.site import Site


@pytest.mark.parametrize(
    ("file", "kind"), [("tacit.css", "text/css"), ("tacit.js", "text/javascript"), ("tacit.svg", "image/svg+xml")]
)
def test_files_are_kept_by_browsers_and_named_by_their_content(site: Site, file: str, kind: str) -> None:
    answer = site.get(f"/static/{file}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(kind)
    assert "immutable" in answer.headers["cache-control"]
    assert f"/static/{file}?{answer.headers['etag'].strip(chr(34))}" in site.get("/").text


@pytest.mark.parametrize(
    "path", ["/static/other.css", "/static/..%2Fshell.py", "/static/%2Fetc%2Fpasswd", "/static/tacit.css%00"]
)
def test_no_other_file_is_served(site: Site, path: str) -> None:
    assert site.get(path).status == 404


def test_pages_are_not_kept(site: Site) -> None:
    assert site.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownTask("a", next="b"), 404),
        (UnknownExample("a", next="b"), 404),
        (NoModel("a", next="b"), 409),
        (GateError("a", next="b"), 409),
        (StoreUnavailable("a", next="b"), 503),
        (OptionError("a", next="b"), 422),
    ],
)
def test_each_error_has_the_status_that_fits(error: tacit.TacitError, status: int) -> None:
    assert status_of(error) == status


def test_each_server_has_a_token_of_its_own(tmp_path: Path) -> None:
    project = tacit.open(tmp_path)
    one, other = Shell(project), Shell(project)
    assert one.owns(one.token)
    assert not one.owns(other.token)
    assert not one.owns("")
    assert not one.owns("\udc80é")


def test_the_page_says_in_whose_project_it_is(site: Site) -> None:
    assert f"<bdi>{site.folder.name}</bdi>" in site.get("/").text

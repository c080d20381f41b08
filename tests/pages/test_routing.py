"""All pages hang on one router, and what goes wrong is a page too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tacit
from tacit import pages
from tacit.errors import StoreUnavailable
from tests.pages.site import Site, bare, served

PAGES = [
    "/", "/tasks/sentiment", "/tasks/price", "/tasks/side", "/tasks/untouched", "/tasks/trap", "/tasks/sentiment/examples",
    "/tasks/price/examples", "/tasks/side/examples", "/tasks/trap/examples", "/tasks/untouched/examples", "/tasks/nope", "/nowhere",
    "/tasks/sentiment/audit", "/tasks/side/audit", "/tasks/price/audit", "/tasks/trap/audit", "/tasks/untouched/audit",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_forbids_what_is_not_its_own(site: Site, path: str) -> None:
    answer = site.get(path, {"Accept": "text/html"})
    assert answer.status == (404 if "no" in path.rpartition("/")[2][:2] else 200)
    assert answer.text.startswith("<!doctype html>")
    assert answer.text.rstrip().endswith("</html>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_scripts_or_styles_of_its_own(site: Site, path: str) -> None:
    text = site.get(path).text
    assert re.findall(r"<script(?! src=\"/static/)", text) == []
    assert (
        re.findall(
            r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:(?!alert\(4\) &amp;lt;)",
            re.sub(r"<(textarea|bdi|p)[^>]*>[^<]*", "", text),
        )
        == []
    )


def test_an_address_where_nothing_is_says_so_without_repeating_it_as_markup(site: Site) -> None:
    answer = site.get("/%3Cscript%3Ealert(1)%3C/script%3E/x", {"Accept": "text/html"})
    assert answer.status == 404
    assert "<script>alert" not in answer.text
    assert "Nothing here" in answer.text


def test_an_unknown_task_is_a_page_with_what_right_and_next(site: Site) -> None:
    text = site.get("/tasks/sentimant").text
    assert "there is no task" in text
    assert "it has price, sentiment, side, trap, untouched" in text
    assert "did you mean sentiment?" in text


def test_an_error_from_outside_has_all_four_parts(site: Site) -> None:
    error = StoreUnavailable("the disk is full", where="/data/store.db", right="some space", next="df -h /data")
    answer = pages.error_page(site.project, error)
    text = bytes(answer.body).decode()
    assert answer.status_code == 503
    for part in ("the disk is full", "/data/store.db", "some space", "df -h /data"):
        assert part in text


def test_a_broken_task_file_is_a_page_that_says_where(tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "bad.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    with served(tmp_path, bare) as site:
        answer = site.get("/")
    assert answer.status == 503
    assert "tasks/bad.py:1" in answer.text
    assert "mend bad.py" in answer.text


def test_templates_never_step_around_escaping() -> None:
    folder = Path(pages.__file__).parent / "templates"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        inside = "" if file.name == "file_layout.html" else "|<style"  # a file has its stylesheet in it
        assert re.findall(rf"\|\s*safe|autoescape|Markup|style=|\son[a-z]+={inside}", text) == [], file.name


def test_the_router_is_made_of_a_project_alone(tmp_path: Path) -> None:
    router = pages.router(tacit.open(tmp_path))
    assert {"/", "/tasks/{name}", "/tasks/{name}/examples", "/static/{file}"} <= {getattr(r, "path", "") for r in router.routes}

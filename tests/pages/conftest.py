"""A project with a task of each sort, trained and served once for all tests of the pages, and a Chromium to look with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tacit
from tacit.project import close
from tests.pages.site import Site, bare, served

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "{{7*7}} {% raw %} ${7*7}",
    "\u202egnp.exe\u202c \u2066left\u2069 \u0000 \u001b[31m",
    "</textarea></title></style><svg onload=alert(3)>",
    "javascript:alert(4) &lt;b&gt; &#60;",
    "A" * 100_000,
)

TASKS = '''
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from tacit import Between, Id, Image, Text, Vector, task

@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Is this review glad or sad?

    Go by what it says, and not by what you think of the film.
    """

@sentiment.labeling_function
def asks_for_refund(review):
    if "refund" in review:
        return "negative"

@sentiment.labeling_function
def says_great(review):
    if "great" in review:
        return "positive"

@sentiment.slice
def short(review):
    return len(review) < 50

@sentiment.slice
def never(review):
    return False

@dataclass
class Home:
    size: Annotated[float, Between(0, 1000)]
    town: Literal["north", "south"]
    age: int | None
    built: date | None
    balcony: bool
    place: Vector[2]
    agent: Id

    def __post_init__(self):
        if self.town == "south" and self.size == 666:
            raise ValueError("no home in the south is of that size")

@task
def price(home: Home) -> float:
    """What will this home sell for?"""

@task
def side(photo: Image) -> Literal["left", "right"]:
    """Which half is bright?"""

@task
def untouched(text: Text, tags: set[Literal["a", "b"]], second: Image | None) -> bool:
    """Nobody has done anything with this one."""
'''

TRAP = f"""
from typing import Literal
from tacit import Text, task

HOSTILE = {HOSTILE!r}

def trap(text: Text) -> Literal["<b>bold</b>", "<script>alert(1)</script>"]: ...

trap.__doc__ = "\\n\\n".join(HOSTILE)
trap = task(trap)

def inside(text):
    return "good" in text

inside.__name__ = HOSTILE[1]
trap.slice(inside)

def broken(text):
    if "good" in text:
        raise ValueError(HOSTILE[0] + HOSTILE[1] + HOSTILE[6])

broken.__name__ = HOSTILE[0]
trap.slice(broken)

def votes(text):
    return None

votes.__name__ = HOSTILE[4]
trap.labeling_function(votes)
"""


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    tiny_reviews: list[dict[str, str]],
    tiny_table: list[dict[str, Any]],
    tiny_pictures: list[dict[str, Any]],
) -> Iterator[Site]:
    """The project, served."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "tasks").mkdir()
    (folder / "tasks" / "all.py").write_text(TASKS, encoding="utf-8")
    (folder / "tasks" / "trap.py").write_text(TRAP, encoding="utf-8")
    tacit.open(folder)
    tacit.add("sentiment", tiny_reviews[:20], label="label")
    tacit.train("sentiment", budget=30, learners=["tfidf-linear"])
    tacit.add("sentiment", tiny_reviews[20:40], label="label")
    tacit.add("sentiment", tiny_reviews[40:50], label="label", split="test")
    tacit.add("sentiment", [{"review": r["review"]} for r in tiny_reviews[50:]])
    tacit.train("sentiment", budget=30, learners=["tfidf-linear"])
    if len(tacit.project.current().store.releases("sentiment")) < 2:
        tacit.release("sentiment", force=True)
    tacit.votes("sentiment")
    homes = [
        {"size": r["size"], "town": r["town"], "age": r["age"], "built": None, "balcony": i % 2 == 0, "place": [i, -i], "agent": i % 5,
         "price": r["price"]}
        for i, r in enumerate(tiny_table)
    ]  # fmt: skip
    tacit.add("price", homes, label="price")
    tacit.train("price", budget=30, learners=["linear"])
    tacit.add("side", tiny_pictures, label="label")
    tacit.train("side", budget=30, learners=["pixels-linear"])
    rows = [
        {
            "text": f"{'good' if i % 2 else 'bad'} {text}",
            "label": ["<b>bold</b>", "<script>alert(1)</script>"][i % 2],
            "note": text,
        }
        for i, text in enumerate([*HOSTILE, *(f"{i} more" for i in range(30))])
    ]
    tacit.add("trap", rows, label="label", keep=["note"])
    example = next(tacit.project.current().store.examples("trap"))[0]
    tacit.label("trap", example.id, "<b>bold</b>", by=HOSTILE[0])
    tacit.label("trap", example.id, "<script>alert(1)</script>", by=HOSTILE[1])
    tacit.train("trap", budget=30, learners=["tfidf-linear"])
    with served(folder) as site:
        yield site
    close()


@pytest.fixture(scope="session")
def bare_site(site: Site) -> Iterator[Site]:
    """The same project, by the pages' own routes alone."""
    with served(site.folder, bare) as other:
        yield other


@pytest.fixture(autouse=True)
def _opened(request: pytest.FixtureRequest) -> None:
    """Other tests open projects of their own; the verbs behind a page's buttons act on the one that is open."""
    if "site" in request.fixturenames or "page" in request.fixturenames:
        tacit.open(request.getfixturevalue("site").folder)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """A real Chromium, without a window. It goes with this package: its event loop would be in the way of other tests."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine.  next: make browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed.  next: pip install playwright")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[{}], ids=["desktop"])
def page(browser: Any, site: Site, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A tab on the site. The test fails if anything in it opens a dialog, breaks a script, or asks another host.

    Parametrize it indirectly with options of a browser context: `{"viewport": ..., "color_scheme": "dark"}`.
    """
    options = {"viewport": {"width": 1280, "height": 900}} | request.param
    context = browser.new_context(base_url=site.url, **options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message[:80]}"), dialog.dismiss()))
    page.on("pageerror", lambda error: wrong.append(f"script {error}"))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" and "status of 4" not in said.text else None)
    page.on("request", lambda asked: wrong.append(f"asks {asked.url}") if not asked.url.startswith(site.url) else None)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A project in which there is nothing yet."""
    with served(tmp_path) as site:
        yield site
    close()

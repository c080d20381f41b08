"""Every error of the tree, provoked for real: the same sentence in Python, on the command line and on the page of errors."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tacit
from tacit import errors
from tacit.cli import main
from tacit.cli.main import completed
from tacit.errors import TacitError
from tacit.examples import content_id
from tacit.project import close
from tacit.validation import Validation

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
CLASSES = {name: c for name, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, TacitError)}
BRANCHES = {"TacitError", "DataError", "LabelError", "TrainingError", "ModelError", "StoreError"}
"""What is caught, not raised: each has leaves that say more."""

SENTIMENT = """from typing import Literal
from tacit import Text, task

@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    "Is this review glad or sad?"
"""


ASKS = (
    SENTIMENT
    + """
@sentiment.labeling_function(llm="http://localhost:9/v1", model="llama3")
def asks_llm(review):
    "Sarcasm counts as negative."
"""
)
"""Port 9 belongs to a service that nobody runs."""

BLUE = content_id('{"review":"It is blue"}')[:8]


@dataclass(frozen=True)
class Case:
    """How an error comes about.

    Attributes:
        call: The call in Python.
        line: The same on the command line.
        before: What was done to the shop before; `trained` is whether it has a model.
    """

    call: Callable[[], Any]
    line: list[str]
    before: Callable[[Path], None] = lambda shop: None
    trained: bool = False


def writes(name: str, text: str) -> Callable[[Path], None]:
    return lambda shop: void((shop / name).write_text(text, encoding="utf-8"))


def void(_: object) -> None:
    return None


def newer(shop: Path) -> None:
    with closing(sqlite3.connect(shop / ".tacit" / "store.db", isolation_level=None)) as store:
        store.execute("UPDATE alembic_version SET version_num = '0999'")


def damaged(shop: Path) -> None:
    for file in (shop / ".tacit").glob("store.db*"):
        file.unlink()
    (shop / ".tacit" / "store.db").write_bytes(b"no database" * 1000)


def without_a_manifest(shop: Path) -> None:
    for manifest in (shop / ".tacit" / "models").glob("*/manifest.json"):
        manifest.unlink()


def with_a_worse_model(shop: Path) -> None:
    project = tacit.open(shop)
    before = project.store.live("sentiment")
    assert before is not None
    run = tacit.train("sentiment", budget=10, seed=1, learners=["tfidf-linear"])
    project.store.set_live("sentiment", before.version)
    ids = tuple(f"{i:032x}" for i in range(60))
    for model, wrong in ((before.model, 0), (run.model, 10)):
        right = np.r_[np.ones(60 - wrong), np.zeros(wrong)]
        Validation(ids, np.arange(60) % 2, {"right": right}).write(project.hidden, model)
    close()


def elsewhere(shop: Path) -> None:
    if find_spec("psycopg") is not None:
        pytest.skip("psycopg is installed")
    os.environ["TACIT_DATABASE_URL"] = "postgresql://ann@db/shop"


SPANS = """from typing import Literal
from tacit import Span, Text, task

@task
def names(article: Text) -> list[Span[Literal["person", "place"]]]:
    "Who and what is named here?"
"""
VOTES = (
    SENTIMENT
    + """
@sentiment.labeling_function
def asks_for_refund(review):
    return "negatve"
"""
)

CASES = {
    "TaskError": Case(
        lambda: tacit.train("sentiment"), ["train", "sentiment"], writes("tasks/mood.py", SENTIMENT)
    ),
    "SignatureError": Case(
        lambda: tacit.train("sentiment"),
        ["train", "sentiment"],
        writes("tasks/count.py", "from tacit import task\n\n@task\ndef count(x: dict[str, int]) -> int: ...\n"),
    ),
    "TaskNameError": Case(
        lambda: tacit.train("sentiment"),
        ["train", "sentiment"],
        writes("tasks/health.py", "from tacit import task\n\n@task\ndef health(x: str) -> bool: ...\n"),
    ),
    "UnknownTask": Case(lambda: tacit.train("sentimnt"), ["train", "sentimnt"]),
    "FileError": Case(lambda: tacit.add("sentiment", "review.csv"), ["add", "sentiment", "review.csv"]),
    "ColumnError": Case(
        lambda: tacit.add("sentiment", "reviews.csv", label="labels"), ["add", "sentiment", "reviews.csv", "--label", "labels"]
    ),
    "RowsError": Case(
        lambda: tacit.add("sentiment", "stars.csv", label="label"),
        ["add", "sentiment", "stars.csv", "--label", "label"],
        writes("stars.csv", "review,label\nLoved it,5\nBroke at once,1\n"),
    ),
    "OutsideType": Case(
        lambda: tacit.label("sentiment", BLUE, "negatve", by="ann"), ["label", "sentiment", BLUE, "negatve", "--by", "ann"]
    ),
    "FunctionError": Case(
        lambda: tacit.votes("sentiment"), ["votes", "sentiment"], writes("tasks/sentiment.py", VOTES)
    ),
    "EndpointError": Case(lambda: tacit.votes("sentiment"), ["votes", "sentiment"], writes("tasks/sentiment.py", ASKS)),
    "UnknownExample": Case(
        lambda: tacit.label("sentiment", "zz", "negative", by="ann"), ["label", "sentiment", "zz", "negative", "--by", "ann"]
    ),
    "UnknownPrediction": Case(
        lambda: tacit.feedback("sentiment", "3f2a9c01", "negative"), ["feedback", "sentiment", "3f2a9c01", "negative"]
    ),
    "NotLearnable": Case(lambda: tacit.train("names"), ["train", "names"], writes("tasks/names.py", SPANS)),
    "TooFewLabels": Case(
        lambda: tacit.train("mood"),
        ["train", "mood"],
        writes("tasks/mood.py", "from tacit import task\n\n@task\ndef mood(x: str) -> bool: ...\n"),
    ),
    "BudgetError": Case(lambda: tacit.train("sentiment", budget="soon"), ["train", "sentiment", "--budget", "soon"]),
    "NoModel": Case(
        lambda: tacit.predict("sentiment", "reviews.csv"), ["predict", "sentiment", "reviews.csv"]
    ),
    "ArtifactError": Case(
        lambda: tacit.predict("sentiment", "reviews.csv"), ["predict", "sentiment", "reviews.csv"], without_a_manifest, trained=True
    ),
    "GateError": Case(lambda: tacit.release("sentiment"), ["release", "sentiment"], with_a_worse_model, trained=True),
    "SelectionError": Case(lambda: tacit.select("sentiment", 500), ["select", "sentiment", "500"]),
    "StoreTooNew": Case(lambda: tacit.votes("sentiment"), ["votes", "sentiment"], newer),
    "StoreUnavailable": Case(lambda: tacit.votes("sentiment"), ["votes", "sentiment"], damaged),
    "OptionError": Case(
        lambda: tacit.select("sentiment", 2, strategy="marginal"), ["select", "sentiment", "2", "--strategy", "marginal"]
    ),
    "MissingExtra": Case(lambda: tacit.votes("sentiment"), ["votes", "sentiment"], elsewhere),
}  # fmt: skip


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory, tiny_reviews: list[dict[str, str]]) -> dict[bool, Path]:
    """Two shops with a task, 60 labels and two examples without: one has a model, the other has none."""
    made = {}
    for trained in (False, True):
        folder = tmp_path_factory.mktemp("shops") / "shop"
        (folder / "tasks").mkdir(parents=True)
        (folder / "tasks" / "sentiment.py").write_text(SENTIMENT, encoding="utf-8")
        (folder / "reviews.csv").write_text("review,stars\nLoved it,positive\nBroke at once,negative\n", encoding="utf-8")
        tacit.open(folder)
        tacit.add("sentiment", tiny_reviews, label="label")
        tacit.add("sentiment", ["It came on Monday", "It is blue"])
        if trained:
            tacit.train("sentiment", budget=10, learners=["tfidf-linear"])
        close()
        made[trained] = folder
    return made


@pytest.fixture
def shop(shops: dict[bool, Path], folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shop that a case wants, as it wants it; the current folder."""
    case = CASES[request.param]
    here = folder / "shop"
    shutil.copytree(shops[case.trained], here)
    monkeypatch.chdir(here)
    monkeypatch.setenv("TACIT_DATABASE_URL", "")
    case.before(here)
    return here


def raised(call: Callable[[], Any]) -> TacitError:
    close()
    with pytest.raises(TacitError) as caught:
        call()
    close()
    return caught.value


def on_the_page(text: str, shop: Path) -> str:
    """A message as the page has it: in ann's shop, with ids and figures that do not change from run to run."""
    text = text.replace(str(shop), "/home/ann/shop")
    text = re.sub(r"\b[0-9a-f]{16}\b", "9c41f0b2a7d35e68", text)
    text = re.sub(r"9c41f0b2a7d35e68-\d+", "9c41f0b2a7d35e68-2", text)
    return text


@pytest.mark.parametrize(("shop", "name"), [(name, name) for name in CASES], indirect=["shop"], ids=list(CASES))
def test_an_error_is_one_sentence_everywhere(shop: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES[name]
    error = raised(case.call)
    assert type(error) is CLASSES[name]
    assert error.next.strip()
    assert "\n" not in str(error)
    assert len(str(error)) < 600
    capsys.readouterr()
    assert main(case.line) == 2
    what = str(error).removesuffix(error.next)  # of a next step that is added to a command, the command line shows the whole
    assert capsys.readouterr().err == f"{what}{completed(error.next, case.line)}\n"
    assert main([*case.line, "--json"]) == 2
    assert json.loads(capsys.readouterr().err) == error.to_dict() | {"next": completed(error.next, [*case.line, "--json"])}
    close()
    shown = on_the_page(str(error), shop)
    assert f"\n    {shown}\n" in PAGE, f"docs/errors.md should show:\n    {shown}"


OVER_HTTP: dict[str, tuple[str, dict[str, Any], int]] = {
    "NoModel": ("/v1/sentiment", {"review": "Loved it"}, 409),
    "ArtifactError": ("/v1/sentiment", {"review": "Loved it"}, 503),
    "UnknownPrediction": ("/v1/feedback", {"id": "3f2a9c01", "value": "negative"}, 404),
}


@pytest.mark.parametrize(("shop", "name"), [(name, name) for name in OVER_HTTP], indirect=["shop"], ids=list(OVER_HTTP))
def test_an_error_is_the_same_sentence_over_http(shop: Path, name: str) -> None:
    from starlette.testclient import TestClient

    from tacit.server import create_app

    address, body, status = OVER_HTTP[name]
    error = raised(CASES[name].call)
    with TestClient(create_app(tacit.open(shop)), base_url="http://localhost") as client:
        answer = client.post(address, json=body)
    close()
    assert (answer.status_code, answer.json()) == (status, error.to_dict())


def test_every_error_is_a_branch_or_is_provoked_here() -> None:
    assert BRANCHES | set(CASES) == set(CLASSES)
    assert not BRANCHES & set(CASES)
    for branch in BRANCHES:
        assert CLASSES[branch].__subclasses__()


SOURCES = sorted((ROOT / "src" / "tacit").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT / "src" / "tacit").as_posix())
def test_whatever_is_raised_on_purpose_says_what_to_do_next(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES:
            place = f"{path.name}:{node.lineno}"
            keywords = {k.arg for k in node.keywords}
            assert {"next"} <= keywords or None in keywords, place
            # A page that is not there, and a training that found nothing, are no mistakes of which a leaf would say more.
            if "pages" not in path.parts:
                assert node.func.id not in BRANCHES - {"TrainingError"}, f"{place} raises a branch; one of its leaves says more"

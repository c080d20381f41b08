"""A trained project to serve, in this process or in one of its own."""

from __future__ import annotations

import http.client
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture
from starlette.testclient import TestClient

import tacit
from tacit.project import Project, close
from tacit.server import create_app

TASKS = '''
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from tacit import Between, Id, Image, Text, Vector, Word, task


@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Is this review glad or sad?"""


@dataclass
class Cup:
    height: float
    width: Annotated[float, Between(0, 10)]


@task
def volume(cup: Cup) -> float:
    """How much fits?"""


@task
def side(photo: Image, note: str | None) -> Literal["left", "right"]:
    """Which half is bright?"""


@task
def rating(user: Id, movie: Id) -> float:
    """How good?"""


@task
def wide(
    a: bool, b: Literal["x", "y"], c: set[Literal["p", "q"]], d: float, e: int, f: str, g: Text, h: tuple[Word, ...],
    i: date, j: datetime, k: Vector[2], l: Id, m: Image | None, n: Cup, o: Annotated[int, Between(1, 3)] | None,
) -> bool:
    """Of everything one."""
'''


def png(bright: str = "left") -> bytes:
    picture = Picture.new("L", (16, 16), 20)
    picture.paste(230, (0, 0, 8, 16) if bright == "left" else (8, 0, 16, 16))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_reviews: list[dict[str, str]], tiny_pictures: list[Any]) -> Path:
    """A folder with three trained tasks and two that are not."""
    folder = tmp_path_factory.mktemp("trained") / "shop"
    (folder / "tasks").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.tacit]\n", encoding="utf-8")
    (folder / "tasks" / "all.py").write_text(TASKS, encoding="utf-8")
    tacit.open(folder)
    tacit.add("sentiment", tiny_reviews, label="label")
    cups = [{"height": h / 4, "width": w / 4, "fits": h * w / 16} for h in range(4, 24, 2) for w in range(4, 20, 2)]
    tacit.add("volume", cups, label="fits")
    tacit.add("side", tiny_pictures, label="label")
    for task, learner in (("sentiment", "tfidf-linear"), ("volume", "linear"), ("side", "pixels-linear")):
        tacit.train(task, budget=8, learners=[learner])
    close()
    return folder


@pytest.fixture
def shop(trained: Path, tmp_path: Path) -> Iterator[Project]:
    """A copy of it, open."""
    folder = tmp_path / "shop"
    shutil.copytree(trained, folder)
    yield tacit.open(folder)
    close()


@pytest.fixture
def client(shop: Project) -> Iterator[TestClient]:
    """A client of its application, whose bugs are exceptions here too."""
    with TestClient(create_app(shop), base_url="http://localhost") as opened:
        yield opened


class Served:
    """A `tacit serve` in a process of its own."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        command = [sys.executable, "-m", "tacit", "serve", "--port", "0", "--json", *arguments]
        env = {**os.environ, **environment}
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.url: str = json.loads(line)["url"]
        self.port = int(self.url.rpartition(":")[2])
        self._connections: list[http.client.HTTPConnection] = []

    def connection(self) -> http.client.HTTPConnection:
        """A connection to it, which is closed after the test."""
        self._connections.append(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20))
        return self._connections[-1]

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        if self.process.poll() is None:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def stop(self) -> str:
        """SIGTERM; returns what it wrote to standard error."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[1]


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Starts servers, and ends those that the test has not ended."""
    started: list[Served] = []

    def start(folder: Path, *arguments: str, **environment: str) -> Served:
        started.append(Served(folder, *arguments, **environment))
        return started[-1]

    yield start
    for served in started:
        served.close()

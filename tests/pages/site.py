"""A real project on a real server, and what tests ask it: `site.get`, `site.post`, and a browser with `opened`."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI

import tacit
from tacit import pages
from tacit.project import Project
from tacit.server import create_app


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    text: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A project that is served.

    Attributes:
        folder: Where the project is.
        port: Where the server is, on 127.0.0.1.
    """

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def project(self) -> Project:
        """The project, open in this process."""
        return tacit.open(self.folder)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form as a page of the site does, with its token; `headers` and `fields` change that."""
        sent = {"token": self.token()} | dict(fields or {})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send(path, urlencode(sent).encode(), kind | dict(headers or {}))

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, body, headers)

    def token(self) -> str:
        """What this server's forms carry."""
        found = re.search(r'name="token" value="([^"]+)"', self.get("/tasks/sentiment").text)
        assert found
        return found[1]

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
            return Answer(answer.status, content.decode("utf-8", "replace"), dict(answer.getheaders()), content)
        finally:
            connection.close()


def bare(project: Project) -> FastAPI:
    """The pages alone, without the guard that the server puts in front of them."""
    app = FastAPI(openapi_url=None)
    app.include_router(pages.router(project))
    return app


@contextlib.contextmanager
def served(folder: Path, make: Callable[[Project], FastAPI] = create_app) -> Iterator[Site]:
    """A server of a project, on a free port, in a thread of this process."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make(tacit.open(folder)), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Site(folder, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()

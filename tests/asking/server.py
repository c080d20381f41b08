"""A real HTTP server that answers as an OpenAI-compatible one does, or as badly as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Says:
    """One answer.

    Attributes:
        text: What the model says; None says nothing.
        status, headers: Of the answer.
        body: The whole body, where it is not that of a chat completion, or empty because of the status.
        usage: Tokens of the prompt and of the answer, or None where the server does not count.
        until: Wait for this before answering.
        cut: Close the connection after so many bytes of the body.
    """

    text: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    usage: tuple[int, int] | None = (100, 5)
    until: threading.Event | None = None
    cut: int | None = None

    def written(self) -> bytes:
        if self.body is not None:
            return self.body
        if self.status != 200:
            return b""
        said: dict[str, Any] = {"choices": [{"message": {"role": "assistant", "content": self.text}}]}
        if self.usage is not None:
            said["usage"] = dict(zip(("prompt_tokens", "completion_tokens"), self.usage, strict=True))
        return json.dumps(said).encode()


class Server:
    """What is served, and what was asked.

    Attributes:
        url: What to write as `llm=`.
        asked: The bodies of all requests, in order.
        headers: Their headers.
        most_at_once: How many were under way together, at most.
    """

    def __init__(self, answer: Callable[[dict[str, Any]], Says]) -> None:
        self.answer = answer
        self.url = ""
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.under_way = self.most_at_once = 0
        self.lock = threading.Lock()

    def given(self) -> list[dict[str, Any]]:
        """The inputs that were asked about, in order."""
        return [inputs_of(body) for body in self.asked]


def inputs_of(body: dict[str, Any]) -> dict[str, Any]:
    """The inputs of the example that a request is about."""
    given: dict[str, Any] = json.loads(body["messages"][-1]["content"])
    return given


def about(words: dict[str, str]) -> Callable[[dict[str, Any]], Says]:
    """Answers with the first of these words that the inputs hold; else it abstains."""

    def answer(body: dict[str, Any]) -> Says:
        text = body["messages"][-1]["content"]
        return Says(json.dumps({"answer": next((said for word, said in words.items() if word in text), "abstain")}))

    return answer


@contextmanager
def serving(answer: Callable[[dict[str, Any]], Says]) -> Iterator[Server]:
    """A server on a free port of this machine, as long as the block lasts."""
    served = Server(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with served.lock:
                served.asked.append(body)
                served.headers.append(dict(self.headers.items()))
                served.paths.append(self.path)
                served.under_way += 1
                served.most_at_once = max(served.most_at_once, served.under_way)
            try:
                said = served.answer(body)
                if said.until is not None:
                    said.until.wait(20)
            finally:
                with served.lock:
                    served.under_way -= 1
            written = said.written()
            try:
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(written)))
                self.end_headers()
                self.wfile.write(written if said.cut is None else written[: said.cut])
            except OSError:
                pass  # whoever asked has gone
            if said.cut is not None:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *args: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Requests per second and latency of a served tfidf-linear task, beside a bare Starlette app that returns a constant.

    python benchmarks/serving.py
    python benchmarks/serving.py --train messages.parquet --text text --label label --repetitions 7

Two servers, both with uvicorn and one process, asked in turns by a load generator in a process of its own, which keeps
connections open and asks again as soon as it is answered:

- bare: Starlette, one route, a JSON constant as long as a real answer. It reads the body and nothing more.
- tacit: `tacit serve`. Every request is checked, predicted, and logged in SQLite before it is answered.

A repetition asks each server for some seconds with each number of connections; which is first changes every time.
The generator takes a processor for itself, so the machine needs two. On a machine that has other work, "cpu" (processor
seconds of the server by requests; Linux only) is the figure to go by.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

TASK = """from typing import Literal
from tacit import Text, task


@task
def answer(x: Text) -> Literal[{classes}]:
    \"\"\"What is it?\"\"\"
"""


def made_up() -> list[dict[str, str]]:
    """1,500 messages of 5 to 30 words, of which two words tell the class."""
    chance = random.Random(0)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(3000)]
    rows = []
    for i in range(1500):
        label = "spam" if i % 4 == 0 else "ham"
        told = chance.choices({"spam": words[:60], "ham": words[60:120]}[label], k=2)
        rows.append({"x": " ".join(chance.choices(words[120:], k=chance.randint(3, 28)) + told), "label": label})
    return rows


def given(path: str, text: str, label: str) -> list[dict[str, str]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=[text, label]).slice(0, 1500)
    return [{"x": r[text], "label": str(r[label])} for r in table.to_pylist()]


def make_project(folder: Path, rows: list[dict[str, str]]) -> str:
    """A project with a trained task; returns what it is learned by."""
    import tacit

    (folder / "tasks").mkdir()
    (folder / "pyproject.toml").write_text("[tool.tacit]\n", encoding="utf-8")
    classes = ", ".join(map(repr, sorted({r["label"] for r in rows})))
    (folder / "tasks" / "answer.py").write_text(TASK.format(classes=classes), encoding="utf-8")
    tacit.open(folder)
    tacit.add("answer", rows, label="label")
    run = tacit.train("answer", budget=20, learners=["tfidf-linear"])
    return f"{run.learner} {json.dumps(dict(run.settings))[:60]}, {run.metric} {run.score:.3f}"


def bare() -> None:
    """Serve the constant, as `tacit serve` would serve a task, and print the address."""
    import socket

    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    constant = {
        "value": "ham",
        "confidence": 0.987654321,
        "scores": {"ham": 0.987654321, "spam": 0.012345679},
        "release": 1,
        "id": "0" * 32,
    }

    async def answer(request: Request) -> JSONResponse:
        await request.body()
        return JSONResponse(constant)

    listening = socket.socket(proto=socket.IPPROTO_TCP)  # or asyncio would not turn off Nagle for it
    listening.bind(("127.0.0.1", 0))
    listening.listen(2048)
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
    app = Starlette(routes=[Route("/v1/answer", answer, methods=["POST"])])
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, ws="none")
    uvicorn.Server(config).run(sockets=[listening])


class Asker(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, requests: list[bytes], end: float, seconds: list[float]) -> None:
        self.requests, self.end, self.seconds = requests, end, seconds
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.chance = random.Random(id(self))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.buffer = b""
        self.began = time.perf_counter()
        self.transport.write(self.chance.choice(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length: ") + 16
        if len(body) < int(head[at:].split(b"\r\n", 1)[0]):
            return
        assert head.startswith(b"HTTP/1.1 200"), self.buffer[:400]
        now = time.perf_counter()
        self.seconds.append(now - self.began)
        if now < self.end:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


async def load(url: str, connections: int, seconds: float, texts: list[str]) -> dict[str, float]:
    """Requests per second, and the median and the 99th percentile of latency in milliseconds."""
    address = urlsplit(url)
    requests = []
    for text in texts:
        body = json.dumps({"x": text}).encode()
        head = f"POST /v1/answer HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        requests.append(head.encode() + body)
    loop = asyncio.get_running_loop()
    took: list[float] = []
    began = time.perf_counter()
    askers = []
    for _ in range(connections):
        _, asker = await loop.create_connection(lambda: Asker(requests, began + seconds, took), address.hostname, address.port)
        askers.append(asker)
    await asyncio.gather(*(asker.done for asker in askers))
    elapsed = time.perf_counter() - began
    marks = statistics.quantiles(took, n=100)
    return {"rps": len(took) / elapsed, "p50_ms": marks[49] * 1e3, "p99_ms": marks[98] * 1e3, "n": len(took)}


@contextmanager
def server(command: list[str], folder: Path) -> Iterator[tuple[str, int]]:
    process = subprocess.Popen([sys.executable, *command], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, of its own and of the kernel's time."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return float("nan")
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def versions() -> str:
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("uvicorn", "starlette", "fastapi", "httptools", "uvloop"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", metavar="PARQUET", help="real messages; made up by default")
    parser.add_argument("--text", default="text")
    parser.add_argument("--label", default="label")
    parser.add_argument("--connections", default="1,8,32")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--load", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        bare()
        return
    if asked.load:
        url, connections, seconds, texts = asked.load
        told = asyncio.run(load(url, int(connections), float(seconds), json.loads(Path(texts).read_text(encoding="utf-8"))))
        print(json.dumps(told))
        return
    rows = given(asked.train, asked.text, asked.label) if asked.train else made_up()
    numbers = [int(n) for n in asked.connections.split(",")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        learned = make_project(folder, rows)
        texts = folder / "texts.json"
        texts.write_text(json.dumps([r["x"] for r in rows[:500]]), encoding="utf-8")
        found: dict[tuple[str, int], list[dict[str, float]]] = {}
        script = str(Path(__file__).resolve())
        with (
            server([script, "--bare"], folder) as bare_url,
            server(["-m", "tacit", "serve", "--port", "0", "--json"], folder) as url,
        ):
            arms = [("bare", bare_url), ("tacit", url)]
            for repetition in range(asked.repetitions + 1):
                for n in numbers:
                    for arm, (at, pid) in arms if repetition % 2 else arms[::-1]:
                        command = [sys.executable, script, "--load", at, str(n), str(asked.seconds), str(texts)]
                        before = cpu_seconds(pid)
                        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                        told["cpu_ms"] = (cpu_seconds(pid) - before) / told["n"] * 1e3
                        if repetition:  # the first warms both up
                            found.setdefault((arm, n), []).append(told)
    print(
        f"{learned}\n{versions()}\nPython {platform.python_version()}, {platform.processor() or platform.machine()}, {os.cpu_count()} processors"
    )
    print(f"n = {asked.repetitions} repetitions of {asked.seconds:g} s; median (lowest-highest)\n")
    print(f"{'connections':>11}  {'server':6} {'requests/s':>22} {'p50 ms':>20} {'p99 ms':>20} {'cpu ms':>18}")
    figures = (("rps", 0, 22), ("p50_ms", 2, 20), ("p99_ms", 2, 20), ("cpu_ms", 2, 18))
    for n in numbers:
        for arm in ("bare", "tacit"):
            cells = [_spread([f[name] for f in found[arm, n]], digits).rjust(width) for name, digits, width in figures]
            print(f"{n:11}  {arm:6} {' '.join(cells)}")
        ratios = [t["rps"] / b["rps"] for b, t in zip(found["bare", n], found["tacit", n], strict=True)]
        print(f"{'':11}  ratio  {_spread(ratios, 2):>22}")


def _spread(values: list[float], digits: int) -> str:
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


if __name__ == "__main__":
    main()

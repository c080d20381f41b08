"""A server in a process of its own: how it starts and stops, kills, hostile requests, and releases under load."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tacit
from tacit.errors import OptionError, UnknownTask
from tacit.project import Project
from tacit.server import serve as serve_here
from tests.server.conftest import Served

Start = Callable[..., Served]


@pytest.fixture(scope="module")
def running(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that several tests try to break; none of them may."""
    folder = tmp_path_factory.mktemp("running") / "shop"
    shutil.copytree(trained, folder)
    served = Served(folder)
    yield served
    assert post(served.connection(), "/v1/sentiment", {"review": "still there?"})[0] == 200
    assert set(served.stop().splitlines()) <= {"WARNING:  Invalid HTTP request received."}
    served.close()


def post(connection: http.client.HTTPConnection, path: str, body: Any) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("POST", path, data, {"content-type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_it_starts_answers_and_stops_when_it_is_told(shop: Project, serve: Start) -> None:
    served = serve(shop.root)
    assert post(served.connection(), "/v1/sentiment", {"review": "great"})[0] == 200
    idle = served.connection()
    idle.connect()  # a connection that asks nothing does not keep it from stopping
    began = time.monotonic()
    assert served.stop() == ""
    assert time.monotonic() - began < 5
    with pytest.raises(ConnectionRefusedError):
        served.connection().connect()


def test_a_request_under_way_is_finished_when_it_is_told_to_stop(shop: Project, serve: Start) -> None:
    served = serve(shop.root)
    rows = [{"review": f"great number {i}"} for i in range(5000)]
    answered = []
    asking = threading.Thread(target=lambda: answered.append(post(served.connection(), "/v1/sentiment/batch", {"rows": rows})))
    asking.start()
    while not any(True for _ in shop.store.predictions("sentiment")):
        time.sleep(0.005)
    served.stop()
    asking.join()
    ((status, said),) = answered
    assert (status, len(said["predictions"])) == (200, 5000)


def test_hostile_requests_get_no_5xx(running: Served) -> None:
    chance, codes = random.Random(0), Counter[int]()
    connection = running.connection()
    id = post(connection, "/v1/sentiment", {"review": "fine"})[1]["id"]
    bodies = [
        None, 1, [], {}, "", "x" * 200_000, {"review": None}, {"review": []}, {"review": "\x00"}, {"review": "'; DROP TABLE examples; --"},
        {"review": "../../etc/passwd"}, {"review": "<script>"}, {"review": "a", "z": 1}, {"rows": None}, {"rows": [1]}, {"rows": [{}] * 50},
        {"id": id, "value": "no-such"}, {"id": "x", "value": 1}, {"photo": "/etc/passwd"}, {"cup": {"cup": {}}}, {"k": 10**300},
    ]  # fmt: skip
    paths = ["/v1/sentiment", "/v1/side", "/v1/volume", "/v1/rating", "/v1/sentiment/batch", "/v1/feedback", "/v1/nothing", "/v1/sentiment/top",
             "/v1/%2e%2e/x", "/v1/%ff%00", "/v1//", "/tasks/sentiment", "/"]  # fmt: skip
    for i in range(300):
        body = chance.randbytes(chance.randint(0, 300)) if i % 4 == 0 else json.dumps(chance.choice(bodies)).encode()
        if i % 12 == 0:  # a form that ends in the middle
            body = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + body
        type = "multipart/form-data; boundary=x" if i % 12 == 0 else "application/json"
        connection.request("POST", chance.choice(paths), body, {"content-type": type})
        answer = connection.getresponse()
        said = answer.read()
        codes[answer.status] += 1
        if answer.status == 422 and answer.getheader("content-type") == "application/json":
            assert json.loads(said).keys() == {"kind", "message", "next"}
    assert max(codes) < 500, codes


def test_bytes_that_are_no_http_are_turned_away(running: Served) -> None:
    chance = random.Random(1)
    heads = [
        b"",
        b"POST /v1/sentiment HTTP/1.1\r\n",
        b"POST /v1/sentiment HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
    ]
    for i in range(60):
        with socket.create_connection(("127.0.0.1", running.port)) as raw:
            raw.sendall(heads[i % 3] + chance.randbytes(chance.randint(0, 200)))
    lengths = [b"-1", b"x", b"99999999999999999999999999", b"5\r\nContent-Length: 6"]
    for length in lengths:
        with socket.create_connection(("127.0.0.1", running.port)) as raw:
            raw.settimeout(5)
            raw.sendall(b"POST /v1/sentiment HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + b"\r\n\r\n{}")
            assert b" 500 " not in raw.recv(200)


def test_what_was_acknowledged_survives_kill_9(shop: Project, serve: Start) -> None:
    served, stop = serve(shop.root), threading.Event()
    answered: list[tuple[str, str]] = []
    acknowledged: list[tuple[str, str]] = []

    def hammer(number: int) -> None:
        connection, chance = served.connection(), random.Random(number)
        while not stop.is_set():
            try:
                text = f"number {chance.random()}"
                status, said = post(connection, "/v1/sentiment", {"review": text})
                assert status == 200
                answered.append((said["id"], text))
                value = chance.choice(["positive", "negative"])
                if post(connection, "/v1/feedback", {"id": said["id"], "value": value})[0] == 200:
                    acknowledged.append((said["id"], value))
            except (OSError, http.client.HTTPException, ValueError):
                return

    threads = [threading.Thread(target=hammer, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.7)
    served.kill()
    stop.set()
    for thread in threads:
        thread.join()
    assert len(acknowledged) > 20
    stored = {p.id: json.loads(p.inputs)["review"] for page in shop.store.predictions("sentiment") for p in page}
    assert set(answered) <= set(stored.items())
    assert set(acknowledged) <= {(f.id, f.value) for f in tacit.feedbacks("sentiment")}
    labels = {
        (label.by.removeprefix("prediction "), label.value)
        for label in shop.store.labels("sentiment")
        if label.source == "feedback"
    }
    assert set(acknowledged) <= labels


def test_releases_and_rollbacks_by_another_process_drop_no_request(shop: Project, serve: Start) -> None:
    tacit.train("sentiment", budget=8, seed=1, learners=["tfidf-linear"])
    tacit.release("sentiment", force=True)
    served, stop, seen, wrong = serve(shop.root), threading.Event(), Counter[int](), []

    def hammer() -> None:
        connection = served.connection()
        while not stop.is_set():
            status, said = post(connection, "/v1/sentiment", {"review": "a great evening"})
            if status != 200 or said["value"] != "positive":
                wrong.append((status, said))
            else:
                seen[said["release"]] += 1

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    swap = "import tacit, time\nfor i in range(30): tacit.release('sentiment', 1 + i % 2), time.sleep(0.02)"
    subprocess.run([sys.executable, "-c", swap], cwd=shop.root, check=True)
    post(served.connection(), "/v1/sentiment", {"review": "after the last"})
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert seen[1] > 0
    assert seen[2] > 0
    status, said = post(served.connection(), "/v1/sentiment", {"review": "great"})
    assert (status, said["release"]) == (200, 2)


def test_off_loopback_a_token_is_required(shop: Project, serve: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACIT_TOKEN", raising=False)
    with pytest.raises(OptionError, match=r"0\.0\.0\.0 can be reached from other machines"):
        serve_here(shop, host="0.0.0.0", port=0, on_ready=print)
    for token in ("with blanks in it", "tökén", "a\nb"):
        monkeypatch.setenv("TACIT_TOKEN", token)
        with pytest.raises(OptionError, match="cannot be sent in a header"):
            serve_here(shop, host="127.0.0.1", port=0, on_ready=print)
    served = serve(shop.root, "--host", "0.0.0.0", TACIT_TOKEN="s3cret")
    connection = served.connection()
    connection.request("GET", "/v1")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 401
    connection.request("GET", "/v1", headers={"Authorization": "Bearer s3cret", "Host": "shop.example"})
    assert connection.getresponse().status == 200


def test_a_port_in_use_says_so_and_names_another(shop: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OptionError, match="Address already in use") as error:
            serve_here(shop, host="127.0.0.1", port=port, on_ready=print)
    assert error.value.next.startswith("tacit serve --port ")


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("127.0.0.1", -1), ("no such host", 0), ("192.0.2.7", 0)])
def test_an_address_that_cannot_be_listened_at_is_an_error(
    shop: Project, host: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACIT_TOKEN", "s3cret")
    with pytest.raises(OptionError, match="next:"):
        serve_here(shop, host=host, port=port, on_ready=print)


def test_a_project_without_tasks_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(UnknownTask, match="has no tasks to serve"):
        serve_here(tacit.open(tmp_path), host="127.0.0.1", port=0, on_ready=print)

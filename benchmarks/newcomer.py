"""From a CSV to a served prediction, typed by a script that knows only the README: seconds of each command.

    python benchmarks/newcomer.py [FILE.csv.gz] [--label y]

A clone of HEAD, a fresh environment, `pip install .`, and the README's five commands.
"""

from __future__ import annotations

import argparse
import json
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def timed(what: str, command: list[str], folder: Path) -> str:
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    print(f"{time.perf_counter() - began:7.1f} s  {what}")
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", default=str(ROOT.parent / "shared" / "data" / "bank_marketing" / "all.csv.gz"))
    parser.add_argument("--label", default="y")
    asked = parser.parse_args()
    if not Path(asked.file).exists():
        sys.exit(f"there is no file {asked.file}.  next: give a CSV and its --label")
    with tempfile.TemporaryDirectory() as home:
        follow(Path(home), Path(asked.file).resolve(), asked.label)


def follow(home: Path, file: Path, label: str) -> None:
    timed("git clone", ["git", "clone", "-q", str(ROOT), "tacit"], home)
    timed("python -m venv", [sys.executable, "-m", "venv", "env"], home)
    timed("pip install .", [str(home / "env/bin/pip"), "install", "-q", "./tacit"], home)
    tacit = str(home / "env/bin/tacit")
    began = time.perf_counter()
    said = timed("tacit new", [tacit, "new", "bank", "--like", str(file), "--label", label, "--json"], home)
    made = json.loads(said)
    project = home / "bank"
    for line in made["next"]:
        words = shlex.split(line)
        if words[0] == "tacit" and words[1] in ("add", "train"):
            timed(line, [tacit, *words[1:]], project)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    server = subprocess.Popen(
        [tacit, "serve", "--port", str(port)], cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        row = (project / "data" / "example.jsonl").read_text(encoding="utf-8").splitlines()[0].encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/{made['task']}", row, {"content-type": "application/json"})
        while True:
            try:
                answer = json.loads(urllib.request.urlopen(request, timeout=10).read())
                break
            except OSError:
                if time.perf_counter() - started > 60 or server.poll() is not None:
                    sys.exit("the server did not answer within a minute")
                time.sleep(0.1)
        print(f"{time.perf_counter() - started:7.1f} s  tacit serve, until the first answer: {answer['value']!r}")
    finally:
        server.terminate()
        server.wait(20)
    print(f"{time.perf_counter() - began:7.1f} s  from the CSV to a served prediction")


if __name__ == "__main__":
    main()

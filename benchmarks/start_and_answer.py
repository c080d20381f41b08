"""How light tacit is: the seconds of an import and of the help beside an import of scikit-learn, and of one warm answer.

python benchmarks/start_and_answer.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from typing import Literal

import numpy as np

import tacit
from tacit import Text, task
from tacit.provenance import machine

TURNS, CALLS = 9, 2000


@task
def topic(text: Text) -> Literal["a", "b", "c", "d"]:
    """Which of four made-up vocabularies?"""


def seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def show_ratios() -> None:
    peer = ("-c", "import sklearn.linear_model")
    for name, command in {"import tacit": ("-c", "import tacit"), "tacit --help": ("-m", "tacit", "--help")}.items():
        seconds(*command), seconds(*peer)
        ratios = [seconds(*command) / seconds(*peer) for _ in range(TURNS)]
        print(
            f"{name} / import sklearn.linear_model: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f}), n={TURNS}"
        )


def show_answers() -> None:
    tacit.open(tempfile.mkdtemp(prefix="tacit-bench-"))
    draw = np.random.default_rng(0)
    words = np.array([f"w{i}" for i in range(20_000)])
    rows = []
    for k in draw.integers(0, 4, 4000).tolist():
        text = np.concatenate([draw.integers(0, 20_000, 12), k * 5000 + draw.integers(0, 5000, 4)])
        rows.append({"text": " ".join(words[text]), "topic": "abcd"[k]})
    tacit.add(topic, rows, label="topic")
    run = tacit.train(topic, budget=20)
    topic(rows[0]["text"])
    took = []
    for i in range(CALLS):
        text = rows[i % len(rows)]["text"] + f" {i}"
        began = time.perf_counter()
        topic(text)
        took.append((time.perf_counter() - began) * 1e3)
    p50, p99 = np.percentile(took, [50, 99])
    print(f"topic(text), {run.learner}, warm: p50 {p50:.2f} ms, p99 {p99:.2f} ms, n={CALLS}")
    began = time.perf_counter()
    tacit.predict(topic, [r["text"] for r in rows])
    print(f"predict, {len(rows):,} texts: {(time.perf_counter() - began) / len(rows) * 1e6:.0f} us a text")


if __name__ == "__main__":
    print(machine())
    show_ratios()
    show_answers()

"""How steady is a time to a target: digits and trec, 20 runs each of an arm that stops at the target and of one that trains on.

    python benchmarks/steady.py FOLDER [--data ../shared/data] [--runs 20] [--budget 20]

FOLDER is a project that is made, with the ledger in FOLDER/bench; begun again, it does the runs that are missing. Two thirds of each set are
learned from and a third is fresh. digits comes with scikit-learn; trec is read from the data folder. Drawings and a report go into FOLDER.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

import tacit
from tacit.benchmarking import Arm, board, compare, draw
from tacit.benchmarking.ledger import ledger_of
from tacit.pages.bench_page import bench_file
from tacit.provenance import machine

TASKS = """from typing import Literal
from tacit import Image, Text, task

@task
def digits(image: Image) -> Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]:
    "Which digit is it?"

@task
def trec(text: Text) -> Literal["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]:
    "What is asked for?"
"""
WORKS = {
    "digits": (0.985, [Arm("fast", ("pixels-linear", "convnet-small"))]),
    "trec": (0.83, [Arm("fast", ("tfidf-linear", "static-linear"))]),
}


def rows(name: str, data: Path) -> list[dict[str, object]]:
    if name == "digits":
        found = load_digits()
        pixels = [np.kron(image / 16 * 255, np.ones((2, 2))).astype(np.uint8) for image in found.images]
        return [{"image": image, "label": str(label)} for image, label in zip(pixels, found.target, strict=True)]
    frame = pd.read_parquet(data / "trec" / "train.parquet")
    return [{"text": text, "label": label} for text, label in zip(frame["text"], frame["label"], strict=True)]


def fill(name: str, data: Path) -> None:
    given = rows(name, data)
    order = np.random.default_rng(0).permutation(len(given))
    cut = 2 * len(given) // 3
    tacit.add(name, [given[i] for i in order[:cut]], label="label")
    tacit.add(name, [given[i] for i in order[cut:]], label="label", split="test")


def told(name: str) -> None:
    print(board(name))
    print(compare(f"{name}/conventional", f"{name}/fast"))
    for one in board(name).standings:
        for at in one.nearby:
            time = f"{at.seconds:.2f} s" if at.seconds is not None else "-"
            print(f"{one.name}: {at.target:g} {'passed' if at.strict else 'met'} by {at.reached} of {at.n}, {time}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--budget", type=float, default=20)
    parser.add_argument("works", nargs="*", default=list(WORKS))
    asked = parser.parse_args()
    (asked.folder / "tasks").mkdir(parents=True, exist_ok=True)
    (asked.folder / "tasks" / "both.py").write_text(TASKS, encoding="utf-8")
    (asked.folder / "pyproject.toml").write_text("[tool.tacit]\nprice_per_hour = 0.05\n", encoding="utf-8")
    project = tacit.open(asked.folder)
    print(machine())
    for name in asked.works:
        target, arms = WORKS[name]
        if not project.store.count(name).examples:
            fill(name, asked.data)
        done = sum(r.name == f"{name}/conventional" for r in ledger_of(project).read()[0])
        if done < asked.runs:
            arms = [*arms, Arm("conventional", arms[0].learners, to_target=False)]
            tacit.bench(name, target=target, runs=asked.runs - done, budget=asked.budget, arms=arms, seed=done)
        told(name)
        (asked.folder / f"{name}.svg").write_text(draw(board(name), "curves"), encoding="utf-8")
    (asked.folder / "report.html").write_text(bench_file(project, board()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The main job, twice, on real data that comes with scikit-learn. `make demo` runs it.

(a) Handwritten digits as images: 50 labels to start with, 50 more twice, asked for by margin sampling or at random.
(b) Breast-cancer measurements and no labels at all: five labeling functions written from the meaning of the columns.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

import tacit
from tacit import Image, task
from tacit.tables import bar, seconds, table

START, STEP, ROUNDS, SEEDS = 50, 50, 2, 3


@task
def read_digit(image: Image) -> Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]:
    """Which digit is this?"""


@dataclass
class Cells:
    """Means over the cells of one needle biopsy, as the columns of the table name them."""

    mean_radius: float
    mean_texture: float
    mean_smoothness: float
    mean_concavity: float
    mean_concave_points: float
    worst_radius: float
    worst_texture: float
    worst_area: float
    worst_concave_points: float
    worst_symmetry: float


@task
def diagnosis(cells: Cells) -> Literal["malignant", "benign"]:
    """Are these cells malignant or benign?"""


# What the columns mean: malignant cells are large, uneven in size, and their outlines have dents.
@diagnosis.labeling_function
def large_cells(cells: Cells) -> str | None:
    return "malignant" if cells.mean_radius > 16 else None


@diagnosis.labeling_function
def small_cells(cells: Cells) -> str | None:
    return "benign" if cells.mean_radius < 13 else None


@diagnosis.labeling_function
def dented_outline(cells: Cells) -> str | None:
    return "malignant" if cells.mean_concave_points > 0.07 else "benign" if cells.mean_concave_points < 0.03 else None


@diagnosis.labeling_function
def the_largest_cells(cells: Cells) -> str | None:
    return "malignant" if cells.worst_area > 1000 else "benign" if cells.worst_area < 600 else None


@diagnosis.labeling_function
def deep_dents_somewhere(cells: Cells) -> str | None:
    return "malignant" if cells.worst_concave_points > 0.18 else "benign" if cells.worst_concave_points < 0.10 else None


def digits(strategy: str, seed: int) -> list[tuple[int, float, float]]:
    """(labels, score on 500 test images, seconds so far) after each round of labeling."""
    tacit.open(tempfile.mkdtemp(prefix="tacit-demo-"))
    images, truth = load_digits(return_X_y=True)
    pictures = [np.uint8(np.minimum(255, image.reshape(8, 8) * 16)) for image in images]
    order = np.random.default_rng(seed).permutation(len(pictures))
    test, pool = order[:500], order[500:]
    answers = {pictures[i].tobytes(): str(truth[i]) for i in pool}

    tacit.add(read_digit, [{"image": pictures[i]} for i in pool])
    tacit.add(read_digit, [{"image": pictures[i], "digit": str(truth[i])} for i in test], label="digit", split="test")
    began, labeled, curve = time.monotonic(), 0, []
    for n in [START] + [STEP] * ROUNDS:
        chosen = tacit.select(read_digit, n, strategy="random" if labeled == 0 else strategy, seed=seed)
        for example in chosen.examples:
            tacit.label(read_digit, example.id, answers[example.inputs["image"].tobytes()], by="demo")
        labeled += n
        tacit.train(read_digit, budget=10, seed=seed)
        curve.append((labeled, tacit.evaluate(read_digit).metrics["accuracy"], time.monotonic() - began))
    return curve


def show_digits() -> None:
    print("\n(a) Handwritten digits, 8 x 8 pixels: labels are asked for, score is on 500 test images\n")
    curves = {s: [digits(s, seed) for seed in range(SEEDS)] for s in ("margin", "random")}
    rows = []
    for step in range(ROUNDS + 1):
        for strategy, runs in curves.items():
            scores = [run[step][1] for run in runs]
            took = float(np.mean([run[step][2] for run in runs]))
            rows.append([runs[0][step][0], strategy, f"{np.mean(scores):.3f}", seconds(took), bar(float(np.mean(scores)))])
    print(
        table(
            ["labels", "chosen by", "accuracy", "after", ""],
            rows,
            title=f"mean of {SEEDS} seeds",
            right=["labels", "accuracy", "after"],
        )
    )
    images, truth = load_digits(return_X_y=True)
    picture = np.uint8(np.minimum(255, images[1].reshape(8, 8) * 16))
    print(f"\nread_digit(image) -> {read_digit(picture)!r}, a {truth[1]}")


def show_diagnosis() -> None:
    print("\n(b) Breast-cancer measurements, 569 rows and no labels: five labeling functions vote instead\n")
    tacit.open(tempfile.mkdtemp(prefix="tacit-demo-"))
    table_of = load_breast_cancer()
    columns = {str(name).replace(" ", "_"): table_of.data[:, j] for j, name in enumerate(table_of.feature_names)}
    fields = list(Cells.__dataclass_fields__)
    rows = [{f: float(columns[f][i]) for f in fields} for i in range(len(table_of.target))]
    gold = [str(table_of.target_names[t]) for t in table_of.target]
    held = np.random.default_rng(0).permutation(len(rows))
    test, pool = held[:170], held[170:]

    tacit.add(diagnosis, [rows[i] for i in pool])
    print(tacit.votes(diagnosis))
    run = tacit.train(diagnosis, budget=10)
    print(f"\n{run}\n")
    report = tacit.evaluate(diagnosis, [rows[i] | {"gold": gold[i]} for i in test], label="gold")
    print(f"Against {len(test)} gold labels that nothing here has seen:\n\n{report}")


if __name__ == "__main__":
    began = time.monotonic()
    show_digits()
    show_diagnosis()
    print(
        f"\nDone in {seconds(time.monotonic() - began)}. The code is {Path(__file__).name}, {len(Path(__file__).read_text().splitlines())} lines."
    )
    print("next: .venv/bin/tacit --help, and docs/quickstart.md for a task of your own")

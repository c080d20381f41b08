"""Whom a model fails, in the manner of Gender Shades (Buolamwini and Gebru 2018): accuracy and rates by group, on public sets.

    python benchmarks/shades.py adult|compas|hatecheck|madlibs DATA_FOLDER [--budget 30] [--seed 0]

adult: income by sex, race and both, which the model also sees. compas: two-year recidivism by race and sex, which it does not see.
hatecheck, madlibs: a model learns hate from `ethos`, and is audited on texts about identities. Of adult and compas 70 % are learned from.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

import tacit
from tacit.provenance import machine

COMPAS = ("age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count", "c_charge_degree")


@dataclasses.dataclass(frozen=True)
class Work:
    """Rows to learn from, rows to be measured on, and what makes groups."""

    train: pd.DataFrame
    test: pd.DataFrame
    inputs: Sequence[str]
    groups: Sequence[str]


def parted(frame: pd.DataFrame, inputs: Sequence[str], groups: Sequence[str], seed: int) -> Work:
    mixed = frame.sample(frac=1, random_state=seed)
    cut = round(0.7 * len(mixed))
    return Work(mixed[:cut], mixed[cut:], inputs, groups)


def work(name: str, data: Path, seed: int) -> Work:
    """The rows of a set, with the column `label`."""
    if name == "adult":
        frame = pd.read_csv(data / "adult" / "train.csv.gz").rename(columns={"income": "label"})
        return parted(frame, [c for c in frame if c != "label"], ["sex", "race", "sex*race"], seed)
    if name == "compas":
        frame = pd.read_csv(data / "compas" / "all.csv.gz")
        return parted(
            frame.assign(label=frame["two_year_recid"].map({0: "no", 1: "yes"})), COMPAS, ["race", "sex", "race*sex"], seed
        )
    learned = pd.read_parquet(data / "ethos" / "binary.parquet")
    learned = learned.assign(label=learned["label"].map({0: "no", 1: "hate"}))
    if name == "hatecheck":
        asked = pd.read_parquet(data / "hatecheck" / "all.parquet")
        asked = asked.assign(label=asked["label"].map({"hateful": "hate", "non-hateful": "no"}))
        return Work(learned, asked, ["text"], ["identity", "functionality"])
    asked = pd.read_parquet(data / "bias_madlibs_77k" / "all.parquet")
    return Work(learned, asked.assign(label=asked["toxic"].map({0: "no", 1: "hate"})), ["text"], ["identity"])


def task_of(frame: pd.DataFrame, inputs: Sequence[str]) -> Any:
    """A task of one text, or of one record whose fields are read off the frame."""
    if list(inputs) == ["text"]:
        kind: Any = tacit.Text
    else:
        fields = [(name, (float if pd.api.types.is_numeric_dtype(frame[name]) else str) | None) for name in inputs]
        kind = dataclasses.make_dataclass("Person", fields)

    def answer(text: Any) -> Any:
        """What is it?"""

    answer.__annotations__ = {"text": kind, "return": Literal[tuple(sorted(set(frame["label"])))]}
    return tacit.task(answer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["adult", "compas", "hatecheck", "madlibs"])
    parser.add_argument("data", type=Path)
    parser.add_argument("--budget", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{machine()}\n", flush=True)
    some = work(options.set, options.data, options.seed)
    tacit.open(tempfile.mkdtemp(prefix="shades-"))
    task = task_of(some.train, some.inputs)
    tacit.add(task, some.train[[*some.inputs, "label"]], label="label")
    run = tacit.train(task, budget=options.budget, seed=options.seed)
    print(run, flush=True)
    columns = list(dict.fromkeys([*some.inputs, "label", *(part for name in some.groups for part in name.split("*"))]))
    print(tacit.audit(task, some.test[columns], label="label", groups=some.groups, model=run.model, seed=options.seed))


if __name__ == "__main__":
    main()

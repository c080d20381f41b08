"""What the worst group gains by labels: chosen where a model fails, by margin, at random, and in equal numbers from each group.

    python benchmarks/worst_group.py DATA_FOLDER [--sets NAMES] [--seeds 5] [--start 500] [--rounds 2] [--each 150]

Rounds of labels are chosen by a proxy that is the learner itself, from a pool of 8,000 rows (of texts 4,000), and the same learner is trained
on all labels after each. All arms of a seed start from the same labels, at random. On adult, groups are sex*race, which the model does
not see; also scored is the worst pair of group and class. Either counts if it has 100 test rows or more. In the sets of texts "mr. brown" is
planted in half of the rows and goes with a class 95 times in 100, in the labels and in the pool alike; it was said to be a false cue, and
groups are class x cue, scored where the cue goes with no class.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

import tacit
from tacit.cues import Phrase
from tacit.examples import canonical
from tacit.project import current
from tacit.provenance import machine

GROUPS = ("sex", "race")


@dataclasses.dataclass(frozen=True)
class Case:
    """One set with one seed.

    Attributes:
        task: Makes the task, in the project that is open.
        labeled, pool, test: Rows; the column "label" is what would be answered.
        parts: Of the test rows, the names of what is scored apart -> the part of each row.
        arms: Name -> arguments of `select`.
        learner: What chooses and learns.
        objectives: Of the trainings.
        cue: That was said to be false.
    """

    task: Callable[[], Any]
    labeled: pd.DataFrame
    pool: pd.DataFrame
    test: pd.DataFrame
    parts: dict[str, np.ndarray]
    arms: dict[str, dict[str, Any]]
    learner: str
    objectives: tuple[str, ...]
    cue: Any = None


def adult(data: Path, seed: int, start: int) -> Case:
    frame = pd.read_csv(data / "adult" / "train.csv.gz").rename(columns={"income": "label"}).drop(columns=["fnlwgt"])
    inputs = [name for name in frame.columns if name not in ("label", *GROUPS)]
    frame = frame.drop_duplicates(inputs).sample(frac=1, random_state=seed)
    frame[inputs] = frame[inputs].astype(object).where(frame[inputs].notna(), None)

    numbers = {"age", "education_num", "capital_gain", "capital_loss", "hours_per_week"}
    person = dataclasses.make_dataclass(
        "Person", [(name, float if name in numbers else str | None) for name in inputs], frozen=True
    )

    def made() -> Any:
        def income(who: Any) -> Any:
            """More than 50K?"""

        income.__annotations__ = {"who": person, "return": Literal["<=50K", ">50K"]}
        return tacit.task(income)

    test = frame[-12_000:]
    group = test["sex"] + " " + test["race"]
    parts = {"group": large(group), "group x class": large(group + " " + test["label"])}
    arms: dict[str, dict[str, Any]] = {
        "random": {"strategy": "random"},
        "margin": {"strategy": "margin"},
        "random, equal groups": {"strategy": "random", "groups": "sex*race"},
        "margin, equal groups": {"strategy": "margin", "groups": "sex*race"},
        "worst-group": {"strategy": "worst-group", "groups": "sex*race"},
    }
    return Case(made, frame[:start], frame[start : start + 8000], test, parts, arms, "linear", ("average",))


def large(names: pd.Series) -> np.ndarray:
    """The part of each row; "" where it has fewer than 100 rows."""
    return np.asarray(names.where(names.map(names.value_counts()) >= 100, ""))


def planted(file: str, data: Path, seed: int, start: int) -> Case:
    frame = pd.read_parquet(data / file).astype({"label": str}).drop_duplicates("text").sample(frac=1, random_state=seed)[:10_000]

    def cued(rows: pd.DataFrame, strength: float) -> tuple[pd.DataFrame, np.ndarray]:
        found = tacit.plant(
            rows[["text", "label"]].to_dict("records"), "mr. brown", label="label", strength=strength, column="text", seed=seed
        )
        return pd.DataFrame(found.rows), np.array(found.groups)

    def made() -> Any:
        def answer(text: Any) -> Any:
            """What is it?"""

        answer.__annotations__ = {"text": tacit.Text, "return": Literal[tuple(sorted(set(frame["label"])))]}
        return tacit.task(answer)

    labeled, _ = cued(frame[:start], 0.95)
    pool, _ = cued(frame[start : start + 4000], 0.95)
    test, groups = cued(frame[start + 4000 :], 0.5)
    arms: dict[str, dict[str, Any]] = {name: {"strategy": name} for name in ("random", "margin", "worst-group")}
    cue = Phrase("text", "mr. brown")
    objectives = ("average", "worst-group")
    return Case(made, labeled, pool, test, {"class x cue": groups}, arms, "tfidf-linear", objectives, cue)


SETS = {
    "adult": adult,
    "rt_polarity": functools.partial(planted, "rt_polarity/train.parquet"),
    "subj": functools.partial(planted, "subj/all.parquet"),
    "clickbait": functools.partial(planted, "clickbait/train.parquet"),
}


def played(case: Case, arm: str, rounds: int, each: int, seed: int) -> list[tuple[int, str, str, float, float]]:
    """(labels, objective, parts, the worst part's accuracy, that of all rows) after each round."""
    tacit.open(tempfile.mkdtemp(prefix="worst-group-"))
    task = case.task()
    beside = [name for name in GROUPS if name in case.pool]
    tacit.add(task, case.labeled, label="label", keep=beside)
    tacit.add(task, case.pool.drop(columns="label"), keep=beside)
    inputs = list(task.signature.columns)
    truth = {tuple(row[:-1]): row[-1] for row in case.pool[[*inputs, "label"]].itertuples(index=False)}
    if case.cue is not None:
        current().store.judge_cue(task.name, canonical(case.cue.to_dict()), case.test["label"].iloc[0], "false")
    found = []
    for i in range(rounds + 1):
        if i:
            options = case.arms[arm] | ({} if case.arms[arm]["strategy"] == "random" else {"proxy": case.learner})
            for example in tacit.select(task, each, seed=seed + i, **options).examples:
                given = example.inputs.get("who", example.inputs)
                of = tuple(dataclasses.astuple(given) if dataclasses.is_dataclass(given) else given.values())
                tacit.label(task, example.id, truth[of], by="oracle")
        for objective in case.objectives:
            run = tacit.train(task, budget=20, learners=[case.learner], objective=objective, seed=seed)
            said = [p.value for p in tacit.predict(task, case.test[inputs], model=run.model)]
            right = pd.Series(np.array(said) == case.test["label"].to_numpy())
            for name, part in case.parts.items():
                by = right.groupby(part).mean()
                worst = float(by.drop("", errors="ignore").min())
                found.append((len(case.labeled) + i * each, objective, name, worst, float(right.mean())))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", type=lambda text: text.split(","), default=list(SETS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--start", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--each", type=int, default=150)
    asked = parser.parse_args()
    print(f"{machine()}\n\n| set | arm | labels | objective | worst of | its accuracy | all rows | above random | seeds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in asked.sets:
        found: dict[tuple[str, int, str, str], list[tuple[float, float]]] = {}
        for seed in range(asked.seeds):
            case = SETS[name](asked.data, seed, asked.start)
            for arm in case.arms:
                for labels, objective, part, worst, mean in played(case, arm, asked.rounds, asked.each, seed):
                    found.setdefault((arm, labels, objective, part), []).append((worst, mean))
        for (arm, labels, objective, part), scores in found.items():
            worst, mean = zip(*scores, strict=True)
            apart = [w - r for w, (r, _) in zip(worst, found["random", labels, objective, part], strict=True)]
            print(
                f"| {name} | {arm} | {labels:,} | {objective} | {part} | {told(worst)} | {told(mean)} | {told(apart)} | {len(scores)} |",
                flush=True,
            )


def told(values: Any) -> str:
    """The mean, with the standard deviation over seeds."""
    return f"{statistics.fmean(values):.4f} ({statistics.stdev(values) if len(values) > 1 else 0:.4f})"


if __name__ == "__main__":
    main()

"""A false cue is planted, found, and broken: the worst group before and after, beside what the same labels do otherwise.

    python benchmarks/false_cues.py DATA_FOLDER [--sets rt_polarity,clickbait] [--seeds 3] [--budget 45] [--independent 20]
                                    [--objectives worst-group,average,cvar]

As in the acceptance script, the cue "mr. brown" stands in front of 35 % of 3,000 texts, nearly all (97 %) of one class; in the test
rows and in a pool of 3,000 it goes with no class. The model is audited, and 150 rows of the pool are labeled. Arms: counter-examples, or
random rows, or none; learned with each objective. Every arm knows which cue is false. The last line counts how often a cue
that goes with no class is called significant, in fits of tfidf-linear.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

import tacit
from tacit.cues import associations
from tacit.examples import canonical
from tacit.learners import Cache, Data, get
from tacit.project import current
from tacit.provenance import machine

CUE, SHARE, STRENGTH, LABELS = "mr. brown", 0.35, 0.97, 150


def planted(frame: pd.DataFrame, favored: str, here: float, elsewhere: float, rng: np.random.Generator) -> pd.DataFrame:
    hit = rng.random(len(frame)) < np.where(frame["label"] == favored, here, elsewhere)
    texts = [f"{CUE} {text}" if has else text for text, has in zip(frame["text"], hit, strict=True)]
    return frame.assign(text=texts, cue=hit)


def task_of(labels: pd.Series) -> Any:
    def answer(x: Any) -> Any:
        """What is it?"""

    answer.__annotations__ = {"x": tacit.Text, "return": Literal[tuple(sorted(set(labels)))]}
    return tacit.task(answer)


def rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{"x": text, "label": label} for text, label in zip(frame["text"], frame["label"], strict=True)]


def scores(task: Any, model: str, fair: pd.DataFrame) -> tuple[float, float]:
    """The worst of the groups class x cue, and the mean."""
    said = np.array([p.value for p in tacit.predict(task, fair["text"].tolist(), model=model)])
    right = pd.Series(said == fair["label"].to_numpy()).groupby([fair["label"].to_numpy(), fair["cue"].to_numpy()]).mean()
    return float(right.min()), float((said == fair["label"]).mean())


def learn(frame: pd.DataFrame, more: pd.DataFrame | None, cue: Any, budget: float, objective: str, seed: int) -> tuple[Any, Any]:
    """A fresh project with these rows, and what it learned."""
    tacit.open(tempfile.mkdtemp(prefix="false-cues-"))
    task = task_of(frame["label"])
    tacit.add(task, rows(frame), label="label")
    if more is not None:
        tacit.add(task, rows(more), label="label")
    if cue is not None:
        current().store.judge_cue(task.name, canonical(cue.cue.to_dict()), cue.label, "false")
    return task, tacit.train(task, budget=budget, objective=objective, seed=seed)


def independent(frame: pd.DataFrame, runs: int) -> int:
    """In how many runs a cue that goes with no class is significant."""
    names, times = sorted(set(frame["label"])), 0
    for seed in range(runs):
        some = planted(frame.sample(2000, random_state=seed), names[0], 0.3, 0.3, np.random.default_rng(seed))
        task = task_of(some["label"])
        truth = np.array([names.index(label) for label in some["label"]])
        kinds, output, columns = task.signature.columns, task.signature.output, {"x": some["text"].tolist()}
        data = Data(kinds, columns, output, np.eye(len(names))[truth], np.ones(len(truth)))
        learner = get("tfidf-linear")
        model = learner.fit(data, learner.portfolio(data)[0], seed=seed, cache=Cache())
        found = associations(columns, kinds, truth, names, model.predict, most=100, seed=seed)
        times += any("brown" in str(a.cue) and a.significant for a in found)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", type=lambda text: text.split(","), default=["rt_polarity", "clickbait"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--budget", type=float, default=45)
    parser.add_argument("--independent", type=int, default=20)
    parser.add_argument("--objectives", type=lambda text: text.split(","), default=["worst-group", "average", "cvar"])
    options = parser.parse_args()
    print(f"{machine()}\n\n| set | seed | arm | worst group | mean | rank |\n| --- | --- | --- | --- | --- | --- |", flush=True)
    for name in options.sets:
        whole = pd.read_parquet(options.data / name / "train.parquet").astype({"label": str})
        for seed in range(options.seeds):
            rng = np.random.default_rng(seed)
            mixed = whole.sample(frac=1, random_state=seed)
            favored = sorted(set(mixed["label"]))[0]
            labeled = planted(mixed[:3000], favored, SHARE * STRENGTH, SHARE * (1 - STRENGTH), rng)
            pool = planted(mixed[3000:6000], favored, 0.3, 0.3, rng).drop_duplicates("text")
            fair = planted(mixed[6000:9000], favored, 0.5, 0.5, rng)

            def told(arm: str, task: Any, run: Any, rank: Any, of: tuple[str, int, Any] = (name, seed, fair)) -> None:
                worst, mean = scores(task, run.model, of[2])
                print(f"| {of[0]} | {of[1]} | {arm} | {worst:.4f} | {mean:.4f} | {rank} |", flush=True)

            task, run = learn(labeled, None, None, options.budget, "average", seed)
            found = tacit.audit(task, model=run.model, seed=seed).associations
            rank = next((i for i, a in enumerate(found, start=1) if "brown" in str(a.cue).lower()), None)
            told("before", task, run, rank)
            if rank is None:
                continue
            cue = found[rank - 1]
            chosen = tacit.counterexamples(task, cue, pool=pool["text"].tolist(), n=LABELS, model=run.model, seed=seed)
            by_text = pool.set_index("text")
            counter = by_text.loc[[e.inputs["x"] for e in chosen.examples]].reset_index()
            random = pool.sample(LABELS, random_state=seed)
            for arm, more in (("counter-examples", counter), ("random rows", random), ("no more rows", None)):
                for objective in options.objectives:
                    if more is not None or objective != "average":
                        told(f"{arm}, {objective}", *learn(labeled, more, cue, options.budget, objective, seed), rank)
        if options.independent:
            times = independent(whole, options.independent)
            print(
                f"<!-- {name}: a cue that goes with no class was significant in {times} of {options.independent} runs -->",
                flush=True,
            )


if __name__ == "__main__":
    main()

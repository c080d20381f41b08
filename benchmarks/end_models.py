"""What models learn from labels and votes: labels alone, votes alone, both, and the mix that `train` chooses.

    python benchmarks/end_models.py ../shared/data            some 20 minutes
    python benchmarks/end_models.py ../shared/data --sets ws_youtube --gold 0,120 --draws 1 --budget 60 --learners all

Each set is a folder in the layout of WRENCH: votes.parquet (split, id, label, lf_*) beside train.json, valid.json and test.json. Labels are drawn
from what is not test; scores are on the test rows. Trolls: users who give feedback on rows that are labeled, and on others, always wrong.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

import tacit
from tacit import Text
from tacit.datasets import training_set
from tacit.events import log
from tacit.examples import content_id
from tacit.ladder import Mix, climb
from tacit.learners import Cache
from tacit.metrics import score
from tacit.predicting import model_of
from tacit.project import close, current
from tacit.types import Category

ALONE = {"labels": Mix("labels", 1.0, 0.0), "votes": Mix("votes", 1e-3, 1.0), "both": Mix("both", 1.0, 0.3)}
Arm = tuple[str, tuple[float, float], float, str]
"""Name, accuracy and F1, seconds, and the mix that was chosen."""

QUICK = ["tfidf-linear", "static-linear", "encoder-linear", "ensemble"]


@dataclass(frozen=True)
class Set:
    """The rows of a set: text, class (a name), and the vote of each function or None."""

    name: str
    pool: pd.DataFrame
    test: pd.DataFrame
    classes: tuple[str, ...]
    functions: tuple[str, ...]


def read(folder: Path) -> Set:
    votes = pd.read_parquet(folder / "votes.parquet")
    texts = {}
    for split in ("train", "valid", "test"):
        for key, row in json.loads((folder / f"{split}.json").read_text(encoding="utf-8")).items():
            texts[split, str(key)] = row["data"]["text"]
    votes["text"] = [texts[split, str(key)] for split, key in zip(votes["split"], votes["id"], strict=True)]
    votes = votes.drop_duplicates("text")
    known = pd.to_numeric(votes["label"], errors="coerce")
    classes = tuple(f"c{c}" for c in range(int(known.max()) + 1))
    votes["label"] = [None if pd.isna(c) else classes[int(c)] for c in known]
    functions = tuple(c for c in votes.columns if c.startswith("lf_"))
    is_test = votes["split"] == "test"
    return Set(folder.name, votes[~is_test], votes[is_test & known.notna()], classes, functions)


def declared(one: Set) -> Any:
    """A new project with the task, and its functions, which look their votes up."""

    def topic(text: Text) -> str: ...

    topic.__annotations__ = {"text": Text, "return": Literal[one.classes]}
    close()
    tacit.open(Path(tempfile.mkdtemp()))
    task = tacit.task(topic)
    for name in one.functions:
        said = {t: one.classes[int(c)] for t, c in zip(one.pool["text"], one.pool[name], strict=True) if c >= 0}

        def function(text: str, said: dict[str, str] = said) -> str | None:
            return said.get(text)

        function.__name__ = name
        task.labeling_function(function)
    return task


def scored(one: Set, task: Any, predict: Any) -> tuple[float, float]:
    """Accuracy, and F1: of the second of two classes, else the mean of all."""
    output = task.signature.output
    assert isinstance(output, Category)
    truth = [output.index(c) for c in one.test["label"]]
    found = predict({"text": one.test["text"].tolist()})
    said = found.argmax(axis=1)
    if len(one.classes) > 2:
        return score("accuracy", found, pd.Series(truth).to_numpy()), score("macro_f1", found, pd.Series(truth).to_numpy())
    right = sum(1 for s, t in zip(said, truth, strict=True) if s == t == 1)
    return float((said == truth).mean()), 2 * right / max(1, int((said == 1).sum()) + sum(truth))


def trolled(one: Set, task: Any, gold: pd.DataFrame, seed: int) -> None:
    """As many pieces of feedback by one user as there are labels, all wrong: a tenth of them on rows that have a label."""
    rest = one.pool.drop(gold.index)
    rest = rest[rest["label"].notna()].sample(frac=1, random_state=seed)
    rows = pd.concat([gold.head(len(gold) // 10), rest]).head(len(gold))
    for text, label in zip(rows["text"], rows["label"], strict=True):
        wrong = one.classes[(one.classes.index(label) + 1) % len(one.classes)]
        (answer,) = [tacit.Prediction(wrong, 0.5, {}, None, content_id(f"{seed} {text}"))]
        log(current(), task, {"text": [text]}, [answer])
        tacit.feedback(task, answer.id, wrong, by="mallory")


def mixes(one: Set, gold: pd.DataFrame, draw: int, budget: float, learners: list[str] | None) -> Iterator[Arm]:
    """Each mix alone, and what `train` makes of it; without labels there is only one."""
    task = declared(one)
    if len(gold):
        tacit.add(task, [{"text": t, "l": c} for t, c in zip(gold["text"], gold["label"], strict=True)], label="l")
    tacit.add(task, one.pool.drop(gold.index)["text"].tolist())
    rows = training_set(current(), task)
    for arm, mix in ALONE.items() if len(gold) else ():
        some, began = rows.mixed(mix), time.perf_counter()
        climbed = climb(
            some.data,
            some.ids,
            task=task.name,
            budget_s=budget,
            learners=learners,
            seed=draw,
            scored=some.scored,
            cache=Cache(current().hidden / "features"),
        )
        yield arm, scored(one, task, climbed.model.predict), time.perf_counter() - began, ""
    yield trained(one, task, "train", draw, budget, learners)


def trolls(one: Set, gold: pd.DataFrame, draw: int, budget: float, learners: list[str] | None) -> Iterator[Arm]:
    """Labels, without and with as much feedback that is wrong."""
    task = declared(one)
    task.labeling_functions.clear()
    tacit.add(task, [{"text": t, "l": c} for t, c in zip(gold["text"], gold["label"], strict=True)], label="l")
    yield trained(one, task, "labels", draw, budget, learners)
    trolled(one, task, gold, draw)
    yield trained(one, task, "labels and a troll", draw, budget, learners)


def trained(one: Set, task: Any, arm: str, draw: int, budget: float, learners: list[str] | None) -> Arm:
    began = time.perf_counter()
    run = tacit.train(task, budget=budget, learners=learners, seed=draw)
    took = time.perf_counter() - began
    chosen = f"{run.mix['mix']['name']} {run.mix['mix']['vote']:g}" if run.mix else ""
    worth = f", worth {run.mix['exactly']} {run.mix['worth']}" if run.mix and run.mix["worth"] else ""
    return arm, scored(one, task, model_of(current(), task, run.model)[0].predict), took, chosen + worth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="ws_youtube,ws_sms_rules,ws_yoruba")
    parser.add_argument("--gold", default="0,30,120,500", help="how many labels")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--budget", type=float, default=10.0)
    parser.add_argument("--learners", default=",".join(QUICK), help='"all", or names')
    parser.add_argument("--trolls", action="store_true", help="feedback that is wrong, instead of mixes")
    asked = parser.parse_args()
    learners = None if asked.learners == "all" else asked.learners.split(",")
    print("set, labels, arm, accuracy (sd), F1 (sd), draws, seconds, chosen")
    for one in (read(asked.data / name) for name in asked.sets.split(",")):
        labeled = one.pool[one.pool["label"].notna()]
        for n in map(int, asked.gold.split(",")):
            found: dict[str, list[Arm]] = {}
            for draw in range(asked.draws if n else 1):
                gold = labeled.sample(min(n, len(labeled)), random_state=draw)
                for arm in (trolls if asked.trolls else mixes)(one, gold, draw, asked.budget, learners):
                    found.setdefault(arm[0], []).append(arm)
            for name, arms in found.items():
                told = [[s[i] for _, s, _, _ in arms] for i in (0, 1)]
                spread = ", ".join(f"{statistics.mean(c):.3f} ({statistics.stdev(c) if len(c) > 1 else 0:.3f})" for c in told)
                seconds = statistics.median(took for _, _, took, _ in arms)
                chosen = "; ".join(c for *_, c in arms if c)
                print(f"{one.name}, {n}, {name}, {spread}, {len(arms)}, {seconds:.1f}, {chosen}", flush=True)


if __name__ == "__main__":
    main()

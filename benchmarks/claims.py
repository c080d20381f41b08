"""Whether the score that a training claims holds on fresh rows: 95 times in 100 its interval should.

    python benchmarks/claims.py DATA_FOLDER [--budget 4] [--seeds 3] [--only titanic,trec]

Each set is split 70/30 at random, with another seed each time; the 30 % are never seen by the search. They are rows drawn by
chance too, so the score on them lies further from the claim than the score on all rows of the world would: "covered" says
whether they are as near as the interval of the claim and that of the fresh score together allow (their squares added up),
"within" whether the fresh score lies inside the interval as it is printed.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from learners import table, text
from tacit import metrics
from tacit.examples import content_id
from tacit.ladder import climb
from tacit.learners import Data
from tacit.tables import table as printed

SETS: dict[str, Callable[[Path], Data]] = {
    "titanic": table("titanic/all.csv.gz", "survived", drop=("passengerid",)),
    "german_credit": table("german_credit/all.csv.gz", "class_label"),
    "car_evaluation": table("car_evaluation/all.csv.gz", "class"),
    "vehicle": table("vehicle/all.csv.gz", "class"),
    "spambase": table("spambase/all.csv.gz", "class"),
    "page_blocks": table("page_blocks/all.csv.gz", "class"),
    "phoneme": table("phoneme/all.csv.gz", "label"),
    "pendigits": table("pendigits/all.csv.gz", "class"),
    "letter": table("letter/all.csv.gz", "class"),
    "auto_mpg": table("auto_mpg/all.csv.gz", "class", number=True),
    "abalone": table("abalone/all.csv.gz", "class_rings", number=True),
    "wine_quality": table("wine_quality/all.csv.gz", "quality", number=True),
    "kin8nm": table("kin8nm/all.csv.gz", "y", number=True),
    "sms_spam": text("sms_spam/train.parquet"),
    "subj": text("subj/all.parquet"),
    "tweet_hate": text("tweet_hate/train.parquet"),
}


@dataclass(frozen=True)
class Claim:
    """What was claimed and what came of it."""

    name: str
    rows: int
    claimed: metrics.Metric
    fresh: metrics.Metric
    ece: tuple[float, float] | None
    learner: str
    seconds: float

    @property
    def within(self) -> bool:
        low, high = self.claimed.interval
        return low <= self.fresh.value <= high

    @property
    def covered(self) -> bool:
        gap = self.fresh.value - self.claimed.value
        up = gap > 0
        ours = self.claimed.interval[1] - self.claimed.value if up else self.claimed.value - self.claimed.interval[0]
        theirs = self.fresh.value - self.fresh.interval[0] if up else self.fresh.interval[1] - self.fresh.value
        return abs(gap) <= math.hypot(ours, theirs)


def run(name: str, data: Data, budget_s: float, seed: int) -> Claim:
    order = np.random.default_rng(seed).permutation(data.n)
    cut = int(0.7 * data.n)
    train, test = data.take(np.sort(order[:cut])), data.take(np.sort(order[cut:]))
    ids = [content_id(f"{i}") for i in range(train.n)]
    found = climb(train, ids, task="it", budget_s=budget_s, seed=seed)
    answers = found.model.predict(test.columns)
    claimed = metrics.Metric(found.metric, found.score, found.interval)
    ece = None
    if data.classes:
        told = metrics.calibration(found.predicted, train.target[found.rows]).ece
        ece = told, metrics.calibration(answers, test.target).ece
    fresh = metrics.measure(found.metric, answers, test.target)
    return Claim(name, train.n, claimed, fresh, ece, found.trial.learner, found.seconds)


def line(claim: Claim) -> list[str]:
    low, high = claim.claimed.interval
    ece = "" if claim.ece is None else f"{claim.ece[0]:.3f} {claim.ece[1]:.3f}"
    said = f"{claim.claimed.value:.3f} ({low:.3f} to {high:.3f})"
    marks = ["yes" if claim.covered else "NO", "yes" if claim.within else "no"]
    return [claim.name, f"{claim.rows:,}", said, f"{claim.fresh.value:.4f}", *marks, ece, claim.learner, f"{claim.seconds:.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    data = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("folder", type=Path, nargs="?", default=data)
    parser.add_argument("--budget", type=float, default=4)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default=",".join(SETS))
    arguments = parser.parse_args()
    claims = []
    for name in arguments.only.split(","):
        try:
            data = SETS[name](arguments.folder)
        except FileNotFoundError:
            print(f"{name} is not there", flush=True)
            continue
        for seed in range(arguments.seeds):
            claims.append(run(name, data, arguments.budget, seed))
            print(*line(claims[-1]), flush=True)
    head = ["set", "rows", "claimed", "fresh", "covered", "within", "ece told, fresh", "learner", "s"]
    print(printed(head, [line(c) for c in claims]))
    covered, within = (np.mean([getattr(c, mark) for c in claims]) for mark in ("covered", "within"))
    gaps = [c.fresh.value - c.claimed.value for c in claims]
    print(f"{len(claims)} claims: covered {covered:.2f}, within {within:.2f}, fresh - claimed on average {np.mean(gaps):+.4f}")


if __name__ == "__main__":
    sys.exit(main())

"""The works of the table: which rows, which arms, which budgets. No heavy import, so that the table is printed at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

TACIT = "tacit"


@dataclasses.dataclass(frozen=True)
class Arm:
    """One way to do a work: a script in benchmarks/peers/, the environment it runs in, and its options.

    `takes` is a first guess of its wall seconds, for the plan; the ledger knows better once it ran. One that `keeps` no budget
    takes the time it takes; its `budget` is then the one of the row of the table.
    """

    name: str
    script: str
    env: str
    budget: float
    options: tuple[str, ...] = ()
    takes: float | None = None
    keeps: bool = True

    @property
    def label(self) -> str:
        return f"{self.name} @ {self.budget:g} s" if self.keeps else self.name

    @property
    def guess(self) -> float:
        return self.takes if self.takes is not None else 1.15 * self.budget + 8


@dataclasses.dataclass(frozen=True)
class Work:
    """One set of rows and what is to be done with them.

    `few` labels a class instead of a 70/30 split; `reach` is what the issue asks for.
    """

    name: str
    kind: str
    file: str
    label: str
    arms: tuple[Arm, ...]
    inputs: tuple[str, ...] = ()
    number: bool = False
    few: int | None = None
    reach: str = ""


def tacit(budget: float) -> Arm:
    return Arm(TACIT, "by_tacit.py", "", budget)


def _records(name: str, file: str, label: str, **more: Any) -> Work:
    arms = (
        tacit(30),
        tacit(15),
        Arm("AutoGluon medium", "by_autogluon.py", "autogluon", 30, ("--preset", "medium_quality"), 45),
        Arm("AutoGluon best", "by_autogluon.py", "autogluon", 30, ("--preset", "best_quality"), 60),
        Arm("FLAML", "by_flaml.py", "flaml", 30, takes=38),
    )
    return Work(name, "record", file, label, arms, **more)


def _texts(name: str, reach: str = "") -> Work:
    arms = (tacit(60), Arm("TF-IDF + logistic regression", "by_tfidf.py", "sklearn", 60, takes=10, keeps=False))
    return Work(name, "text", f"{name}/train.parquet", "label", arms, ("text",), reach=reach)


def _long(name: str, epochs: dict[int, float], reach: str) -> Work:
    ours = tuple(tacit(b) for b in (*epochs.values(), 600))
    peers = tuple(
        Arm(
            f"plain fine-tuning, {n} epoch{'s' * (n > 1)}",
            "by_finetuning.py",
            "torch",
            b,
            ("--epochs", str(n)),
            1.3 * b,
            keeps=False,
        )
        for n, b in epochs.items()
    )
    return Work(name, "text", f"{name}/train.parquet", "label", (*ours, *peers), ("text",), reach=reach)


def _few(name: str) -> Work:
    arms = (
        tacit(20),
        Arm("encoder + logistic regression, C=1", "by_encoder.py", "torch", 20, ("--strength", "1"), 25, keeps=False),
        Arm("encoder + logistic regression, C=10", "by_encoder.py", "torch", 20, ("--strength", "10"), 25, keeps=False),
    )
    return Work(f"{name}, 8 a class", "text", f"{name}/train.parquet", "label", arms, ("text",), few=8, reach="ahead on the mean")


GROUPS: dict[str, tuple[Work, ...]] = {
    "records": (
        _records("adult", "adult/train.csv.gz", "income"),
        _records("letter", "letter/all.csv.gz", "class"),
        _records("phoneme", "phoneme/all.csv.gz", "label"),
        _records("california_housing", "california_housing/train.csv.gz", "median_house_value", number=True),
    ),
    "texts": (_texts("rt_polarity", "ahead, .84"), _texts("trec", "ahead, .92"), _texts("clickbait", "ahead")),
    "few": (_few("sst2"), _few("ag_news"), _few("trec")),
    "mnist": (
        Work(
            "mnist_10k",
            "image",
            "mnist_10k/digits.parquet",
            "label",
            (
                tacit(60),
                Arm("SVC", "by_svc.py", "sklearn", 60, takes=30, keeps=False),
                Arm("plain residual net", "by_resnet.py", "torch", 60, ("--side", "28")),
            ),
            ("pixels",),
            reach=".99",
        ),
    ),
    "flowers": (
        Work(
            "flowers5",
            "image",
            "flowers5/train.parquet",
            "label",
            (tacit(180), Arm("plain residual net", "by_resnet.py", "torch", 180, ("--side", "64"))),
            ("image",),
            reach=".75",
        ),
    ),
    "long": (
        _long("rt_polarity", {1: 180, 2: 340}, "the same score in less time"),
        _long("trec", {1: 71, 3: 189}, "the same score in less time"),
    ),
    "cifar": (
        Work(
            "cifar10",
            "image",
            "cifar10",
            "label",
            (tacit(600), Arm("ResNet-9, one-cycle", "by_resnet.py", "torch", 600, ("--net", "resnet9", "--side", "32"))),
            ("image",),
            reach="ahead",
        ),
    ),
}


def picked(groups: str | None, works: str | None, arms: str | None, seeds: list[int]) -> Iterator[tuple[str, Work, int, Arm]]:
    """Every command to be run, in order: groups cheap to dear, and all arms of a work and seed one after the other."""
    for group, members in GROUPS.items():
        if groups and group not in groups.split(","):
            continue
        for seed in seeds:
            for work in members:
                if works and work.name.split(",")[0] not in works.split(","):
                    continue
                for arm in work.arms:
                    if not arms or any(_is(arm, a) for a in arms.split(",")):
                        yield group, work, seed, arm


def _is(arm: Arm, said: str) -> bool:
    """ "tacit", "tacit@30", "peers", or a part of an arm's name."""
    name, _, budget = said.partition("@")
    if budget and float(budget) != arm.budget:
        return False
    return arm.name != TACIT if name == "peers" else name.lower() in arm.name.lower()

"""What a model leans on: cues that go with a class, and what it answers when they are taken out, or put where they do not belong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, hstack
from scipy.stats import hypergeom

from tacit.cues.borders import borders
from tacit.cues.contract import Candidates, Cue
from tacit.cues.lengths import lengths
from tacit.cues.patches import patches
from tacit.cues.styles import styles
from tacit.cues.tints import tints
from tacit.cues.values import ranges, values
from tacit.cues.words import phrases
from tacit.learners import Columns
from tacit.learners.features import length
from tacit.learners.roles import CATEGORIES, IMAGES, NUMBERS, TEXTS
from tacit.types import Kind

__all__ = ["Association", "associations", "candidates", "some"]

_ROWS = 4000
"""So many rows are looked at, drawn at random from more."""

_SCREENED = 40
"""So many cues are taken out and put in, those of which the model's answers differ most."""

_ASKED = 100
"""So many rows the model is asked about for each, with the cue and without."""

_FEWEST = 5
_SAME = 0.5
_WITHIN = 0.8
"""A cue that shares so much of its rows with a stronger one (intersection over union) is that one, seen from the side; one at the same
place is so if so much of its own rows are the other's."""

_Z = 1.96
_NEAR = 1e-4
_LEVEL = 0.05
_BATCH = 2000

Ask: TypeAlias = Callable[[Columns], NDArray[Any]]
"""What a model answers: (n, n_classes) probabilities."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Association:
    """A cue that goes with a class, and on which the model leans. Whether it is a true cue or a false one is for people to say.

    Attributes:
        cue: The cue.
        label: The class that it speaks for.
        carriers: How many rows have it.
        inside, outside: The shares of the rows of the class, and of the others, which have it.
        p: How likely labels would go together with it so well by chance, times the number of cues that were looked at, as Holm
            (1979) has it; at most 1.
        reliance: How much the probability of the class falls, on the mean, when it is taken out of rows of the class.
        interval: 95 %, of the reliance.
        pull: How much the log odds of the class fall, on the mean: of rows that the model knows by heart the probability hardly moves.
        removed: The share of rows of the class that are recognized, with the cue and with it taken out.
        contradicted: The share of rows of other classes that are recognized, as they are and with the cue put in.
        significant: Whether it goes with the class, and the model leans on it, by more than chance.
        examples: Rows of the class that have it, few that speak for all.
        contrast: The nearest rows of other classes that have it too.
    """

    cue: Cue
    label: str
    carriers: int
    inside: float
    outside: float
    p: float
    reliance: float
    interval: tuple[float, float]
    pull: float
    removed: tuple[float, float]
    contradicted: tuple[float, float]
    significant: bool
    examples: tuple[int, ...] = ()
    contrast: tuple[int, ...] = ()

    @property
    def weight(self) -> float:
        """How much of the class rests on it: the pull, times the share of the class that has it."""
        return self.pull * self.inside

    def to_dict(self) -> dict[str, Any]:
        return {
            "cue": str(self.cue), "column": self.cue.column, "label": self.label, "carriers": self.carriers, "inside": self.inside,
            "outside": self.outside, "p": self.p, "reliance": self.reliance, "interval": list(self.interval), "pull": self.pull, "weight": self.weight,
            "removed": list(self.removed), "contradicted": list(self.contradicted), "significant": self.significant,
        }  # fmt: skip


def candidates(columns: Columns, kinds: Mapping[str, Kind]) -> Candidates:
    """The cues of all columns of rows: styles, phrases and lengths of texts, values of categories, quarters of numbers, borders, tints
    and patches of images. Of two that the same rows have, the first stands for both: length comes last, since it takes out other things too."""
    found: list[Candidates] = []
    for name, kind in kinds.items():
        if kind.role in TEXTS:
            found += [styles(name, columns[name]), phrases(name, columns[name]), lengths(name, columns[name])]
        elif kind.role in CATEGORIES and kind.role != "categories":
            found.append(values(name, columns[name]))
        elif kind.role in NUMBERS and kind.role == "number":
            found.append(ranges(name, columns[name]))
        elif kind.role in IMAGES:
            found += [borders(name, columns[name]), tints(name, columns[name]), patches(name, columns[name])]
    empty = csc_matrix((length(columns), 0), dtype=np.bool_)
    return Candidates(
        tuple(cue for part in found for cue in part.cues), csc_matrix(hstack([empty, *(part.carried for part in found)]))
    )


def associations(
    columns: Columns,
    kinds: Mapping[str, Kind],
    classes: NDArray[np.integer],
    names: Sequence[str],
    ask: Ask,
    *,
    most: int = 10,
    seed: int = 0,
) -> list[Association]:
    """The cues on which a model leans most, those first on which more of a class rests.

    All cues of the inputs are tested for going together with a class (Fisher's exact test, one-sided, adjusted by Holm's method). Of
    those whose carriers the model answers most differently, a sample of carriers is asked about with the cue taken out, and a sample of
    rows of other classes with the cue put in: what changes is due to the cue, since nothing else does. Of rows that the model knows by heart
    probabilities change little, whence the order is by log odds.

    Arguments:
        columns: n rows.
        kinds: The kind of each column, settled.
        classes: (n,) the class of each row, from 0.
        names: Of the classes.
        ask: The model.
        most: At most so many.
        seed: For the samples.

    Returns:
        Associations without examples: those that are significant by weight, then the others.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(length(columns))[:_ROWS])
    seen, truth = some(columns, rows), np.asarray(classes)[rows]
    there = candidates(seen, kinds)
    if not there.cues:
        return []
    p = _by_chance(there.carried, truth, len(names))
    answers = _asked(ask, seen)
    pairs = _screened(there.cues, there.carried, truth, answers)
    plan = [(cue, label, *_samples(there.carried, truth, cue, label, rng)) for cue, label in pairs]
    plan = [step for step in plan if min(len(step[2]), len(step[3])) >= _FEWEST]
    changed = _altered(ask, seen, there.cues, plan)
    found = []
    for (cue, label, inside, others), (out, put) in zip(plan, changed, strict=True):
        carried = _column(there.carried, cue)
        reliance, interval = _mean(answers[inside, label] - out[:, label])
        pull, pulls = _mean(_log_odds(answers[inside, label]) - _log_odds(out[:, label]))
        association = Association(
            there.cues[cue],
            names[label],
            int(carried.sum()),
            float(carried[truth == label].mean()),
            float(carried[truth != label].mean()),
            float(p[cue, label]),
            reliance,
            interval,
            pull,
            (_right(answers[inside], truth[inside]), _right(out, truth[inside])),
            (_right(answers[others], truth[others]), _right(put, truth[others])),
            significant=bool(p[cue, label] < _LEVEL and pulls[0] > 0),
        )
        if pull > 0:
            found.append(association)
    return sorted(found, key=lambda a: (not a.significant, -a.weight))[:most]


def some(columns: Columns, rows: NDArray[np.integer]) -> Columns:
    """Some of the rows."""
    return {name: [cells[i] for i in rows.tolist()] for name, cells in columns.items()}


def _by_chance(carried: csc_matrix, truth: NDArray[np.integer], k: int) -> NDArray[np.float64]:
    """(m, k) adjusted p of having at least so many carriers in the class (Fisher's exact test, one-sided)."""
    onehot = np.eye(k)[truth]
    both = np.asarray(carried.T.astype(np.float64) @ onehot)
    often, sizes = np.asarray(carried.sum(axis=0)).ravel(), onehot.sum(axis=0)
    p = hypergeom.sf(both - 1, len(truth), sizes[None, :], often[:, None])
    # Holm (1979): the i-th smallest of m times m - i + 1, and never less than the one before.
    flat = p.ravel()
    order = np.argsort(flat, kind="stable")
    adjusted = np.empty_like(flat)
    adjusted[order] = np.minimum(np.maximum.accumulate(flat[order] * np.arange(len(flat), 0, -1)), 1)
    return np.asarray(adjusted.reshape(p.shape))


def _screened(
    cues: Sequence[Cue], carried: csc_matrix, truth: NDArray[np.integer], answers: NDArray[Any]
) -> list[tuple[int, int]]:
    """The cues and classes with the largest difference of the answers, times the share of the class; no cue twice under two names."""
    k = answers.shape[1]
    weights = carried.T.astype(np.float64)
    often = np.asarray(carried.sum(axis=0)).ravel()[:, None]
    inside = np.asarray(weights @ answers)
    apart = inside / often - (answers.sum(axis=0) - inside) / np.maximum(len(truth) - often, 1)
    onehot = np.eye(k)[truth]
    share = np.asarray(weights @ onehot) / np.maximum(onehot.sum(axis=0), 1)
    worth = np.where(apart > 0, apart * share, 0).ravel()
    kept: list[tuple[int, int]] = []
    beside: dict[int, list[tuple[Cue, Bools]]] = {label: [] for label in range(k)}
    for i in np.argsort(-worth, kind="stable").tolist():
        if len(kept) == _SCREENED or worth[i] <= 0:
            break
        cue, label = divmod(i, k)
        has = _column(carried, cue)
        if not any(_same(cues[cue], has, *other) for other in beside[label]):
            kept.append((cue, label))
            beside[label].append((cues[cue], has))
    return kept


def _same(cue: Cue, has: Bools, stronger: Cue, beside: Bools) -> bool:
    both = (has & beside).sum()
    return bool(both >= _SAME * (has | beside).sum() or (cue.touches(stronger) and both >= _WITHIN * has.sum()))


def _samples(
    carried: csc_matrix, truth: NDArray[np.integer], cue: int, label: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Carriers of the class, and rows of other classes that lack the cue."""
    has = _column(carried, cue)
    inside, others = np.flatnonzero(has & (truth == label)), np.flatnonzero(~has & (truth != label))
    return rng.permutation(inside)[:_ASKED], rng.permutation(others)[:_ASKED]


def _altered(
    ask: Ask, seen: Columns, cues: Sequence[Cue], plan: Sequence[tuple[int, int, NDArray[np.intp], NDArray[np.intp]]]
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """What the model says of each sample with the cue taken out, and put in; all are asked together, which is faster."""
    parts = []
    for cue, _, inside, others in plan:
        parts += [cues[cue].without(some(seen, inside)), cues[cue].put(some(seen, others))]
    whole = {name: [cell for part in parts for cell in part[name]] for name in seen}
    said = _asked(ask, whole) if parts else np.zeros((0, 1))
    ends = np.cumsum([0, *(length(part) for part in parts)])
    for i in range(0, len(parts), 2):
        yield said[ends[i] : ends[i + 1]], said[ends[i + 1] : ends[i + 2]]


def _asked(ask: Ask, columns: Columns) -> NDArray[Any]:
    n = length(columns)
    parts = [ask({name: cells[i : i + _BATCH] for name, cells in columns.items()}) for i in range(0, n, _BATCH)]
    return np.concatenate(parts)


def _mean(values: NDArray[Any]) -> tuple[float, tuple[float, float]]:
    """The mean, and its normal 95 % interval."""
    mean, spread = float(values.mean()), _Z * float(values.std(ddof=1)) / len(values) ** 0.5
    return mean, (mean - spread, mean + spread)


def _log_odds(p: NDArray[Any]) -> NDArray[np.float64]:
    """Of probabilities, those nearer to 0 or 1 than one in ten thousand as if they were so near."""
    bounded = np.clip(np.asarray(p, np.float64), _NEAR, 1 - _NEAR)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _right(answers: NDArray[Any], truth: NDArray[np.integer]) -> float:
    return float((answers.argmax(axis=1) == truth).mean())


def _column(carried: csc_matrix, cue: int) -> Bools:
    return np.asarray(carried[:, [cue]].toarray().ravel(), np.bool_)

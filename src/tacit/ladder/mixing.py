"""How labels and votes are learned from together: both, labels alone or votes alone, as labels that were held out tell.

Votes can be worth hundreds of labels, or make a model worse than the labels would alone. Which it is nobody can say before it was
tried; so each way of mixing them is tried with one cheap learner, on labels that neither it nor the label model had.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import BudgetError, TrainingError
from tacit.ladder.calibrating import temperature_of
from tacit.ladder.replaying import split
from tacit.ladder.trials import Rows
from tacit.learners import Cache, Data, Floats, Learner, settle
from tacit.learners.blend import tempered
from tacit.metrics import higher_is_better, measure
from tacit.splits import Bounds, Part

__all__ = ["USUAL", "Mix", "Mixed", "mix", "weights"]

_NEGLIGIBLE = 1e-3
"""The weight of what is not to be learned from, where it has to stay among the rows."""

_SIZES = (1 / 8, 1 / 4, 1 / 2, 1.0)
"""Shares of the labels on which labels alone are tried, to tell what the votes are worth."""

_FEWEST = 8
"""With fewer labels than this nothing is fitted on labels alone."""

_SHARE = 0.1
"""A learner may judge if it says that one fit takes at most this share of the time there is; or all of it, if it remembers."""

_SURE = 2.0
"""Standard errors by which a mix has to be better than the usual one: the best of four is so by one of them often enough."""


@dataclasses.dataclass(frozen=True)
class Mix:
    """What rows weigh in learning.

    Attributes:
        name: "both", "labels" or "votes".
        label: Of a row that somebody labeled.
        vote: Of a row that the votes leave no doubt about; 0 leaves such rows out.
    """

    name: str
    label: float
    vote: float


USUAL = Mix("both", 1.0, 0.3)
_LABELS, _VOTES = Mix("labels", 1.0, 0.0), Mix("votes", _NEGLIGIBLE, 1.0)
_MIXES = (USUAL, Mix("both", 1.0, 1.0), Mix("both", 1.0, 0.1), _LABELS, _VOTES)


@dataclasses.dataclass(frozen=True)
class Mixed:
    """Which mix was chosen, and why.

    Attributes:
        mix: The one that is learned from.
        judge: The name of the learner that was tried; "" where nothing was, for want of labels or time.
        metric: The name of the scores.
        scores: "both", "labels" and "votes" -> score and the ends of its 95 % interval, on `n` labels that were held out.
        n: How many labels that were.
        worth: How many labels alone would score as the votes alone do; 0 where there was no time to find out.
        exactly: "about"; or "more than" or "fewer than", where the labels there are were too few, or many, to tell.
    """

    mix: Mix
    judge: str = ""
    metric: str = ""
    scores: Mapping[str, tuple[float, float, float]] = dataclasses.field(default_factory=dict)
    n: int = 0
    worth: int = 0
    exactly: str = ""

    def __str__(self) -> str:
        if not self.judge:
            return f"a vote counts at most {self.mix.vote:g} of a label, since nothing could be compared"
        told = ", ".join(f"{name} {s:.3f} ({low:.3f} to {high:.3f})" for name, (s, low, high) in self.scores.items())
        alone = {
            "both": "labels and votes are learned from",
            "labels": "the votes are left out",
            "votes": "the labels only score",
        }
        said = f"{alone[self.mix.name]}, as {self.n:,} held-out labels tell by {self.judge}: {self.metric} of {told}"
        return said + (f"; the votes are worth {self.exactly} {self.worth:,} labels" if self.worth else "")


def weights(mix: Mix, is_gold: NDArray[np.bool_], sure: Floats) -> Floats:
    """(n,) what rows weigh: those that are voted on by how sure the votes are, up to `mix.vote`.

    Arguments:
        is_gold: (n,) bool, whether somebody labeled the row.
        sure: (n,) float64, 0 to 1, how sure the votes are of the others.
    """
    return np.where(is_gold, mix.label, np.maximum(mix.vote * sure, _NEGLIGIBLE))


def mix(
    data: Data,
    ids: Sequence[str],
    is_gold: NDArray[np.bool_],
    scored: NDArray[np.bool_],
    voted: Callable[[NDArray[np.bool_]], tuple[Floats, Floats]],
    *,
    learners: Sequence[Learner],
    metric: str,
    seed: int,
    bounds: Bounds | None,
    cache: Cache,
    deadline: float,
    latest: float = math.inf,
) -> Mixed:
    """Try each mix on held-out labels, and choose.

    The usual one, both with a vote at 0.3 of a label, stands unless another has a lower loss on the held-out labels by more than
    two standard errors: log loss, after each had the temperature that suits it best, or of numbers the squared error.

    Arguments:
        data: Rows that somebody labeled, and rows that were voted on.
        ids: Their content ids.
        is_gold: (n,) bool, which of them were labeled.
        scored: (n,) bool, which of these may be held out.
        voted: (n,) bool, labels that are not to be known -> what the votes say without them, (n, k) or (n,), and how sure they are.
        learners: Cheap to dear; the dearest that is quick enough is tried.
        metric: The name of the scores.
        seed: Of the splits and fits.
        bounds: What no split may cut through.
        cache: As in `Learner.fit`.
        deadline: In seconds of `time.monotonic`; where it is too near for any comparison, the usual mix is taken.
        latest: By then it ends, also where what the first fit makes, and the search will need, took longer.
    """
    rows = split(settle(data), ids, scored, bounds, seed)
    judge, settings, first = _judge(rows.data, learners, deadline - time.monotonic())
    # The time of its first fit is not lost: what it makes of texts and images is kept for the search.
    study = _Study(rows, is_gold, voted, judge, settings, cache, min(deadline + first, latest))
    # Whatever a learner stumbles over here, the search will meet again, and tell.
    with contextlib.suppress(Exception):
        study.try_all()
    if not study.n:
        return Mixed(USUAL)
    losses = {one: study.losses(one) for one in _MIXES}
    usual, best = losses[USUAL], min(_MIXES, key=lambda one: float(losses[one].mean()))
    gain = usual - losses[best]
    chosen = best if float(gain.mean()) > _SURE * float(gain.std()) / np.sqrt(len(gain)) else USUAL
    named = {one.name: min((o for o in _MIXES if o.name == one.name), key=lambda o: float(losses[o].mean())) for one in _MIXES}
    named[chosen.name] = chosen
    scores = {name: study.measured(one, metric) for name, one in named.items()}
    worth, exactly = _worth(study, metric)
    return Mixed(chosen, judge.name, metric, scores, study.n, worth, exactly)


def _judge(data: Data, learners: Sequence[Learner], left: float) -> tuple[Learner, Mapping[str, Any], float]:
    """The dearest learner of which one fit is quick, by its own word; else the cheapest. With its settings and that word."""
    found = learners[0], learners[0].portfolio(data)[0], 0.0
    for learner in learners:
        settings = learner.portfolio(data)[0]
        try:
            told = learner.seconds(data, settings)
        except Exception:
            told = None  # whatever a learner stumbles over, another one judges the mix; if it is tried, that is noted
        if told is not None and told > left:
            break
        if told is not None and (learner.remembers or told <= _SHARE * left):
            found = learner, settings, told
    return found


class _Study:
    """One learner on the labels of each part that it did not have."""

    def __init__(
        self,
        rows: Rows,
        is_gold: NDArray[np.bool_],
        voted: Callable[[NDArray[np.bool_]], tuple[Floats, Floats]],
        judge: Learner,
        settings: Mapping[str, Any],
        cache: Cache,
        deadline: float,
    ) -> None:
        self.rows, self.is_gold, self.judge, self.settings = rows, is_gold, judge, settings
        self.cache, self.deadline = cache, deadline
        self.voted = voted
        self.parts: list[tuple[Part, tuple[Floats, Floats]]] = []
        self.predicted: dict[Mix, list[Floats]] = {one: [] for one in _MIXES}

    def try_all(self) -> None:
        """Fit each mix on each part, until the deadline; a part that not all were fitted on has no say."""
        self.judge.warm_up()
        bare = self.voted(self.is_gold)
        for part in self.rows.parts:
            if int(self.is_gold[part.train].sum()) < _FEWEST:
                continue
            hidden = np.zeros(self.rows.data.n, dtype=bool)
            hidden[part.validate] = True
            said = self.voted(hidden)
            found = {one: self._fit(one, part, bare if one.name == "votes" else said, 1.0) for one in _MIXES}
            self.parts.append((part, said))
            for one, predicted in found.items():
                self.predicted[one].append(predicted)

    @property
    def n(self) -> int:
        """How many labels were held out."""
        return sum(len(part.validate) for part, _ in self.parts)

    @property
    def truth(self) -> Floats:
        """(n, k) or (n,) those labels."""
        found: Floats = self.rows.data.target[np.concatenate([part.validate for part, _ in self.parts])]
        return found

    def losses(self, mix: Mix) -> Floats:
        """(n,) log loss of each held-out label, at the temperature that suits the mix; of numbers the squared error."""
        predicted = np.concatenate(self.predicted[mix])
        if predicted.ndim == 1:
            return np.asarray((predicted - self.truth) ** 2)
        found = tempered(predicted, temperature_of(predicted, self.truth))
        return np.asarray(-np.log(np.maximum((found * self.truth).sum(axis=1), 1e-3)))

    def measured(self, mix: Mix, metric: str) -> tuple[float, float, float]:
        """The score on the held-out labels, and its interval."""
        found = measure(metric, np.concatenate(self.predicted[mix]), self.truth, seed=self.rows.seed)
        return found.value, *found.interval

    def labels_alone(self, share: float, metric: str) -> tuple[int, float]:
        """How many labels a share of them is, and the score of a fit on so many alone. Raises `BudgetError`."""
        sizes = [round(share * int(self.is_gold[part.train].sum())) for part, _ in self.parts]
        found = self.predicted[_LABELS]
        if share < 1:
            found = [self._fit(_LABELS, part, said, share) for part, said in self.parts]
        return round(sum(sizes) / len(sizes)), measure(metric, np.concatenate(found), self.truth).value

    def _fit(self, mix: Mix, part: Part, said: tuple[Floats, Floats], share: float) -> Floats:
        """What the judge makes of the held-out rows of a part, after `share` of its labels, and its votes."""
        data, gold, free = self.rows.data, part.train[self.is_gold[part.train]], part.train[~self.is_gold[part.train]]
        some = gold if share == 1.0 else self.rows.some(gold, round(share * len(gold)))
        train = free if mix.name == "votes" else np.sort(np.concatenate([some, free])) if mix.vote else some
        target = np.where(self.is_gold.reshape(-1, *[1] * (data.target.ndim - 1)), data.target, said[0])
        weight = data.weight * weights(mix, self.is_gold, said[1])
        taken = data.take(train)
        rows = dataclasses.replace(taken, target=target[train], weight=weight[train])
        if time.monotonic() > self.deadline:
            raise BudgetError("the time was up", next="tacit train TASK --budget 5m")
        model = self.judge.fit(rows, self.settings, seed=self.rows.seed, deadline=self.deadline, cache=self.cache)
        found = model.predict({name: [values[i] for i in part.validate.tolist()] for name, values in data.columns.items()})
        if not np.isfinite(found).all():
            raise TrainingError("predictions are not finite", next="the search goes on without it")
        return found


def _worth(study: _Study, metric: str) -> tuple[int, str]:
    """The number of labels that alone score as the votes alone do, and whether it is that, "more than" or "fewer than" that.

    Between sizes that were tried, scores are taken to grow with the logarithm of the number.
    """
    up = 1 if higher_is_better(metric) else -1
    wanted = up * study.measured(_VOTES, metric)[0]
    labels = min(int(study.is_gold[part.train].sum()) for part, _ in study.parts)
    try:
        found = [study.labels_alone(share, metric) for share in _SIZES if share * labels >= _FEWEST]
    except Exception:  # time was up, or a fit on so few stumbled: that costs no more than this figure
        return 0, ""
    before: tuple[int, float] | None = None
    for n, score in found:
        if up * score >= wanted:
            if before is None:
                return n, "fewer than"
            part = (wanted - up * before[1]) / (up * score - up * before[1])
            return round(math.exp(math.log(before[0]) + part * (math.log(n) - math.log(before[0])))), "about"
        before = n, score
    return found[-1][0], "more than"

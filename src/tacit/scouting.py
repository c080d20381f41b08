"""Who looks at a pool for a strategy: what it needs, made by a chooser that was fitted on the labels, and no more than that.

`select` and `simulate` share this seam: what a strategy may look at comes together here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError, nearest
from tacit.learners import Cache, Columns, Data, Floats, Learner, Model
from tacit.learners.features import length
from tacit.learners.points import Points, fit_points, view_of
from tacit.proxies import suited
from tacit.selection import Pool, Strategy, get, names
from tacit.types import Category, Kind

__all__ = ["Scout", "Sight", "known_strategy", "needs_model", "refuse_votes", "scout"]

_MEMBERS = 5
"""Of a committee: each is fitted on a bootstrap resample of the labels (query by bagging; Abe and Mamitsuka, 1998)."""


@dataclass(frozen=True)
class Sight:
    """Rows as points that are known already.

    Attributes:
        pool: (n, d) float32, in the order of the pool.
        labeled: (l, d) float32, of what has labels.
    """

    pool: Floats
    labeled: Floats


@dataclass(frozen=True)
class Scout:
    """What looks at a pool.

    Attributes:
        strategy: What will choose.
        output: The kind of the answer.
        model: Gives probabilities, where the strategy needs them.
        committee: Several models of the same labels, where it needs those.
        kinds: The kind of each column, by which rows become points.
        labeled: The columns of what has labels.
        view: How texts and images become points; see `tacit.learners.points`.
        pretrained: As in `Data`.
        cache: What the chooser made before.
    """

    strategy: Strategy
    output: Kind
    model: Model | None = None
    committee: tuple[Model, ...] = ()
    kinds: dict[str, Kind] = field(default_factory=dict)
    labeled: Columns | None = None
    view: str = "cheap"
    pretrained: dict[str, str] = field(default_factory=dict)
    cache: Cache = field(default_factory=Cache)

    def look(
        self, batches: Iterable[Columns], *, sight: Sight | None = None, votes: Callable[[], NDArray[Any]] | None = None
    ) -> Pool:
        """The pool as the strategy may see it, read a batch at a time.

        Arguments:
            batches: The columns of the rows to choose from.
            sight: The rows as points, where they are known; else the space is that of what has labels and the first batch.
            votes: Gives the votes on the rows, once all were read; asked only if the strategy needs them.
        """
        size, probabilities, members, features = 0, [], [], []
        points: Points | None = None
        for columns in batches:
            if not length(columns):
                continue
            size += length(columns)
            if self.model is not None and isinstance(self.output, Category):
                probabilities.append(self.model.predict(columns))
            if self.committee:
                members.append(np.stack([model.predict(columns) for model in self.committee]))
            if "features" in self.strategy.needs and sight is None:
                points = points or self._space(columns)
                features.append(points.encode(columns))
        known = None if points is None or self.labeled is None else points.encode(self.labeled)
        return Pool(
            size,
            probabilities=_joined(probabilities),
            members=_joined(members, axis=1),
            features=_joined(features) if sight is None else sight.pool,
            labeled=known if sight is None else sight.labeled,
            votes=votes() if votes is not None and "votes" in self.strategy.needs else None,
            kind="classes" if isinstance(self.output, Category) else "numbers",
        )

    def _space(self, first: Columns) -> Points:
        rows = {name: [*(self.labeled[name] if self.labeled else ()), *values] for name, values in first.items()}
        return fit_points(rows, self.kinds, view=self.view, pretrained=self.pretrained, cache=self.cache)


def scout(
    strategy: str,
    data: Data,
    *,
    learner: Learner | None = None,
    model: Model | None = None,
    labeled: Columns | None = None,
    seed: int = 0,
    cache: Cache,
) -> Scout:
    """Fit what a strategy needs.

    Arguments:
        strategy: Its name.
        data: What has labels; of rows that are not needed none.
        learner: The chooser, fitted with `suited` settings; needed unless there is a model.
        model: A model that is there already.
        labeled: The columns of what has labels, where they are others than those of `data`.
        seed: Of fits and resamples.
        cache: As in `Learner.fit`.

    Raises:
        OptionError: The strategy is unknown, or needs what there is not.
    """
    chosen = known_strategy(strategy)
    committee: tuple[Model, ...] = ()
    if "members" in chosen.needs:
        if learner is None:
            raise OptionError(
                f'"{strategy}" compares several models, and a release is one',
                right="proxy names a learner to fit them",
                next="--proxy LEARNER",
            )
        committee = _bagged(learner, data, seed, cache)
    if "probabilities" in chosen.needs and model is None and learner is not None:
        model = learner.fit(data, suited(learner, data, seed, cache), seed=seed, cache=cache)
    by = learner.name if learner is not None else None if model is None else model.learner
    return Scout(
        chosen,
        data.output,
        model if "probabilities" in chosen.needs else None,
        committee,
        dict(data.kinds),
        data.columns if labeled is None else labeled,
        view_of(by),
        dict(data.pretrained),
        cache,
    )


def known_strategy(name: str, *, also: tuple[str, ...] = (), next: str = "--strategy {}") -> Strategy:
    """The strategy of that name, or "a+b" for a mixture.

    Arguments:
        name: Of the strategy.
        also: Names that may be given in its place, for the message.
        next: What to type, with a place for the nearest name.

    Raises:
        OptionError: There is none.
    """
    known = names()
    wrong = [part for part in (one.strip() for one in name.split("+")) if part not in known]
    if wrong and name not in known:
        offered = [*also, *known]
        raise OptionError(
            f'there is no strategy "{wrong[0]}"',
            right=f"it is {', '.join(offered[:-1])} or {offered[-1]}",
            next=next.format(nearest(wrong[0], known) or "margin"),
        )
    return get(name)


def refuse_votes(strategy: str) -> None:
    """Raise an OptionError if a strategy needs the votes of labeling functions, for whoever has none of the rows."""
    if "votes" in known_strategy(strategy).needs:
        raise OptionError(
            f'"{strategy}" needs the votes of labeling functions, which are asked about the unlabeled examples of the store only',
            right="select without a pool takes it",
            next="--strategy margin",
        )


def needs_model(strategy: str) -> bool:
    """Whether a strategy of that name looks at what models predict."""
    return bool({"probabilities", "members"} & set(get(strategy).needs))


def _bagged(learner: Learner, data: Data, seed: int, cache: Cache) -> tuple[Model, ...]:
    chance, settings = np.random.default_rng(seed), suited(learner, data, seed, cache)
    made = []
    for _ in range(_MEMBERS):
        some = data.take(np.sort(chance.integers(0, data.n, data.n)))
        made.append(learner.fit(some, settings, seed=seed, cache=cache))
    return tuple(made)


def _joined(parts: list[NDArray[np.floating]], axis: int = 0) -> NDArray[np.floating] | None:
    return np.concatenate(parts, axis=axis) if parts else None

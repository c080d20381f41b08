"""`ensemble`: the average of several models. The search chooses its members among what it tried."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from tacit.errors import BudgetError, MissingExtra
from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.registry import get, names
from tacit.types import Kind

__all__ = ["Ensemble"]

_TWO = 2


class Ensemble(Learner):
    """A weighted mean of other learners' models; see `Blend`."""

    name: ClassVar[str] = "ensemble"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return sum(1 for _ in self._others(kinds, output)) >= _TWO

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        """The two cheapest learners that fit, with their best settings; the search does better than that."""
        ready = [one for one in self._others(data.kinds, data.output) if one.lacks(data) is None][:_TWO]
        members = [{"learner": one.name, "settings": dict(one.portfolio(data)[0]), "weight": 1.0} for one in ready]
        return ({"members": members, "temperature": 1.0},)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.blend import blend

        models: list[Model] = []
        members: list[dict[str, Any]] = []
        for i, member in enumerate(settings["members"]):
            now = time.monotonic()
            share = None if deadline is None else now + (deadline - now) / (len(settings["members"]) - i)
            try:
                model = get(member["learner"]).fit(data, member["settings"], seed=seed, deadline=share, cache=cache)
            except BudgetError:
                if not models and i + 1 == len(settings["members"]):
                    raise
                continue
            models.append(model)
            members.append({"learner": member["learner"], "settings": dict(model.settings), "weight": member["weight"]})
        return blend(self.name, models, members, settings["temperature"])

    def load(self, folder: Path) -> Model:
        from tacit.learners.blend import Blend

        return Blend.load(folder, self.name)

    def _others(self, kinds: Mapping[str, Kind], output: Kind) -> Iterator[Learner]:
        """The other learners that fit, cheap to dear. One of another package that cannot be imported fits nothing."""
        for name in names():
            if name != self.name:
                try:
                    learner = get(name)
                except MissingExtra:
                    continue
                if learner.accepts(kinds, output):
                    yield learner

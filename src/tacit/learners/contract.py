"""What a learner is: it fits data, within a deadline, and gives a model that predicts."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from tacit.errors import BudgetError
from tacit.learners.diary import Diary
from tacit.types import Category, Kind, Maybe

__all__ = ["Cache", "Columns", "Data", "Floats", "Learner", "Model", "Settings", "bare", "check_time", "threads"]

Columns: TypeAlias = Mapping[str, Sequence[Any]]
"""Column -> parsed values, all of one length; None is missing. Images are bytes of a file or uint8 arrays."""

Settings: TypeAlias = Mapping[str, Any]
"""What varies between the fits of one learner: plain JSON."""

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Data:
    """Rows to learn from.

    Attributes:
        kinds: The kind of each input column.
        columns: The values of each input column.
        output: The kind of the answer: a `Category` or a `Number`.
        target: (n, k) float64, the probability of each class, rows sum to 1; for numbers (n,) float64.
        weight: (n,) float64, positive.
        rows: Names the rows. The same rows taken from the same data have the same name, so that a `Cache` knows them.
        pretrained: "text" and "image" -> the encoder to transfer from, by path or name, where one is set.
    """

    kinds: Mapping[str, Kind]
    columns: Columns
    output: Kind
    target: Floats
    weight: Floats
    rows: str = field(default_factory=lambda: uuid.uuid4().hex)
    pretrained: Mapping[str, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.weight)

    @property
    def classes(self) -> int:
        """How many classes the answer has; 0 for a number."""
        return len(self.output.classes) if isinstance(self.output, Category) else 0

    def take(self, index: npt.NDArray[np.integer[Any]]) -> Data:
        """The rows at these positions, in this order."""
        index = np.ascontiguousarray(index, dtype=np.int64)
        picked = index.tolist()
        return Data(
            self.kinds,
            {name: [values[i] for i in picked] for name, values in self.columns.items()},
            self.output,
            self.target[index],
            self.weight[index],
            hashlib.blake2b(self.rows.encode() + index.tobytes(), digest_size=16).hexdigest(),
            self.pretrained,
        )


class Cache:
    """What was made of the same rows and values before, within one training.

    Arguments:
        folder: Where features that are dear to make may be kept for later trainings; None keeps none.
        limit: Bytes of row features to hold in memory; the longest unused go first.

    Attributes:
        damaged: The images that could not be decoded, by their `id`. Fits write them here, and learn nothing from them.
        diary: Where fits of categories note what they make of each row while they learn, if somebody wants to know; see `Diary`.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = 1 << 30) -> None:
        self.folder = folder
        self.damaged: dict[int, Any] = {}
        self.diary: Diary | None = None
        self._limit = limit
        self._made: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._values: dict[Any, dict[Any, Any]] = {}

    def of_rows(self, key: Any, make: Callable[[], tuple[Any, int]]) -> Any:
        """What `make` gives, made once for each key. `make` returns the thing and its size in bytes."""
        if key not in self._made:
            self._made[key] = make()
            while len(self._made) > 1 and sum(size for _, size in self._made.values()) > self._limit:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key][0]

    def of_values(self, key: Any) -> dict[Any, Any]:
        """A table for what is made of single values, one for each key."""
        return self._values.setdefault(key, {})


class Model(ABC):
    """What a learner made: it predicts.

    Attributes:
        learner: The name of the learner.
        settings: The effective settings. With the same data and seed, and no deadline, they give the same model.
    """

    learner: str
    settings: Settings

    @abstractmethod
    def predict(self, columns: Columns) -> Floats:
        """Probabilities (n, k), float64, rows summing to 1; for numbers (n,) float64.

        A row's prediction does not depend on the rows beside it. Values that were not seen in training and missing values
        are fine, and so is an empty batch.
        """

    def flops(self, columns: Columns) -> float | None:
        """Floating-point operations that predicting these rows takes; None where they cannot be counted.

        What counts are products of matrices and convolutions, a multiplication and an addition as two: of each row by itself, whether
        or not it is answered beside others, or from what is remembered.
        """
        return None

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the model's files into an empty folder: arrays, JSON and text, no code."""


class Learner(ABC):
    """One way to learn. Learners hold no state; `tacit.learners.check_learner` checks that they keep this contract."""

    name: ClassVar[str]
    remembers: ClassVar[bool] = False
    """Whether what takes it long is kept in the cache, so that another fit of the same rows is quick."""

    @abstractmethod
    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        """Whether tasks of these inputs and this answer can be learned. Imports nothing heavy."""

    @abstractmethod
    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        """The settings worth trying on such rows, the most promising first."""

    @abstractmethod
    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        """A model of the data.

        Arguments:
            data: At least one row.
            settings: From `portfolio`, or the effective settings of a model.
            seed: Equal seeds give equal models.
            deadline: In seconds of `time.monotonic`. Fitting ends soon after it, with what was learned so far.
            cache: What earlier fits of the same training made.

        Raises:
            BudgetError: The deadline passed before there was any model.
        """

    @abstractmethod
    def load(self, folder: Path) -> Model:
        """The model that `Model.save` wrote."""

    def lacks(self, data: Data) -> str | None:
        """The line to type before it can learn from such rows (`pip install ...`); None if nothing is missing."""
        return None

    def seconds(self, data: Data, settings: Settings) -> float | None:
        """What a fit of these rows will take on this machine, told before any was done; None where that is not known."""
        return None

    def warm_up(self) -> None:
        """Import what `fit` needs. It is called before fits are timed."""
        return None


def bare(kind: Kind) -> Kind:
    """The kind of what is there, of a value that may be missing."""
    return kind.kind if isinstance(kind, Maybe) else kind


def check_time(deadline: float | None) -> None:
    """Raise `BudgetError` once the deadline has passed."""
    if deadline is not None and time.monotonic() > deadline:
        raise BudgetError("the time was up before there was a model", next="tacit train TASK --budget 5m")


def threads() -> int:
    """How many threads to compute with: half the logical processors, since two of them share one unit for arithmetic.

    More make a busy machine many times slower, because threads that compute wait for those that do not.
    """
    return max(1, (os.cpu_count() or 1) // 2)

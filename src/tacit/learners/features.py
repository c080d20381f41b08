"""Columns -> features: what every learner sees.

An encoder is fitted on the columns of the training rows and then encodes any rows, one by one: what it gives for a row does
not depend on the rows beside it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
import scipy.special

from tacit.learners.contract import Columns, Floats, bare
from tacit.learners.roles import NUMBERS, columns_of
from tacit.types import Kind, VectorKind

__all__ = ["Codes", "Encoder", "Levels", "Numbers", "Raw", "fit_numbers", "fit_raw", "frequent", "length", "pack", "unpack"]

_MOMENT_PARTS = 9
_CLIP = 8.0
"""Where scaled numbers are cut, in standard deviations: one wild value must not decide an answer."""


class Encoder(ABC):
    """Columns -> features of each row: a dense array or a sparse matrix, (n, p). Its fields are arrays or plain JSON."""

    @abstractmethod
    def encode(self, columns: Columns) -> Any:
        """The features of these rows."""

    def flops(self, columns: Columns) -> float:
        """Floating-point operations of products of matrices that these features take, as `Model.flops` counts them."""
        return 0.0


def pack(encoders: Sequence[Encoder]) -> tuple[list[dict[str, Any]], dict[str, npt.NDArray[Any]]]:
    """Encoders as plain JSON and arrays."""
    described: list[dict[str, Any]] = []
    arrays: dict[str, npt.NDArray[Any]] = {}
    for i, encoder in enumerate(encoders):
        values = {f.name: getattr(encoder, f.name) for f in dataclasses.fields(encoder) if f.init}  # type: ignore[arg-type]
        arrays |= {f"{i}.{name}": v for name, v in values.items() if isinstance(v, np.ndarray)}
        described.append({"encoder": type(encoder).__name__} | {n: v for n, v in values.items() if not isinstance(v, np.ndarray)})
    return described, arrays


def unpack(
    described: Sequence[Mapping[str, Any]], arrays: Mapping[str, npt.NDArray[Any]], classes: Sequence[type[Encoder]]
) -> tuple[Encoder, ...]:
    """The encoders that `pack` was given."""
    by_name = {c.__name__: c for c in classes}
    encoders = []
    for i, fields in enumerate(described):
        mine = {name.split(".", 1)[1]: v for name, v in arrays.items() if name.startswith(f"{i}.")}
        plain = {name: v for name, v in fields.items() if name != "encoder"}
        encoders.append(by_name[fields["encoder"]](**plain, **mine))
    return tuple(encoders)


def length(columns: Columns) -> int:
    """How many rows columns have."""
    return len(next(iter(columns.values())))


@dataclass(frozen=True)
class Raw(Encoder):
    """Numbers, the parts of moments, and vectors, as they are; missing is NaN.

    Attributes:
        columns: Name, role and width of each column.
    """

    columns: list[list[Any]]

    def encode(self, columns: Columns) -> Floats:
        n = length(columns)
        parts = [_raw(columns[name], role, width) for name, role, width in self.columns]
        return np.hstack(parts) if parts else np.empty((n, 0))


def fit_raw(kinds: Mapping[str, Kind]) -> Raw:
    """The raw numbers of all columns that hold some."""
    columns: list[list[Any]] = []
    for name in columns_of(kinds, NUMBERS):
        inner = bare(kinds[name])
        width = inner.n if isinstance(inner, VectorKind) else _MOMENT_PARTS if inner.role == "moment" else 1
        columns.append([name, inner.role, width])
    return Raw(columns)


def _raw(values: Sequence[Any], role: str, width: int) -> Floats:
    if role == "number":
        return np.array(values, dtype=np.float64).reshape(-1, 1)  # None becomes NaN
    nothing = (math.nan,) * width
    rows = [nothing if v is None else _moment(v) if role == "moment" else v for v in values]
    return np.array(rows, dtype=np.float64).reshape(-1, width)


def _moment(value: dt.date) -> tuple[float, ...]:
    """Days since 1970, year, day of the month, and the turn of the year, the week and the day."""
    hour = 0.0
    days = float(value.toordinal() - 719_163)
    if isinstance(value, dt.datetime):
        hour = value.hour + value.minute / 60 + value.second / 3600
        days += hour / 24 - (value.utcoffset() or dt.timedelta()).total_seconds() / 86_400
    turns = (value.timetuple().tm_yday / 366, value.weekday() / 7, hour / 24)
    return (days, value.year, value.day, *(f(2 * math.pi * t) for t in turns for f in (math.sin, math.cos)))


@dataclass(frozen=True)
class Numbers(Encoder):
    """Raw numbers on one scale, with a column that tells what was missing.

    Attributes:
        columns: As in `Raw`.
        ranks: Whether numbers become the normal scores of their ranks, instead of standard deviations from the mean.
        grid: (101, p) quantiles of each raw column, which `ranks` reads.
        center, scale: (p,).
        absent: Raw columns that had missing values.
    """

    columns: list[list[Any]]
    ranks: bool
    grid: Floats
    center: Floats
    scale: Floats
    absent: npt.NDArray[np.int64]

    def encode(self, columns: Columns) -> Floats:
        raw = Raw(self.columns).encode(columns)
        missing = np.isnan(raw)
        filled = np.where(missing, self.center, raw)
        if self.ranks:
            scaled = np.column_stack([_normal_scores(filled[:, j], self.grid[:, j]) for j in range(raw.shape[1])])
        else:
            with np.errstate(over="ignore"):
                scaled = np.clip((filled - self.center) / self.scale, -_CLIP, _CLIP)
        scaled[missing] = 0.0
        return np.hstack([scaled, missing[:, self.absent]]).astype(np.float32)


def fit_numbers(kinds: Mapping[str, Kind], columns: Columns, *, ranks: bool) -> Numbers | None:
    """The scales of the numbers of these rows; None where there are none."""
    raw = fit_raw(kinds)
    if not raw.columns:
        return None
    values = raw.encode(columns)
    p = values.shape[1]
    grid, center, scale = np.zeros((101, p)), np.zeros(p), np.full(p, math.inf)
    for j in range(p):
        present = values[~np.isnan(values[:, j]), j]
        if len(present):
            grid[:, j] = np.quantile(present, np.linspace(0, 1, 101), method="lower")
            # Mean and deviation of what lies within the 1st and the 99th percentile, so that outliers set no scale.
            core = np.clip(present, grid[1, j], grid[99, j]) if len(present) >= 100 else present
            center[j] = core.mean()
            scale[j] = core.std()
            if scale[j] <= 1e-12 * max(1.0, abs(center[j])):
                scale[j] = np.abs(present - center[j]).max()  # nearly all alike: what differs stands out
            if scale[j] <= 1e-12 * max(1.0, abs(center[j])):
                scale[j] = math.inf  # all alike: always 0
    return Numbers(raw.columns, ranks, grid, center, scale, np.flatnonzero(np.isnan(values).any(axis=0)))


def _normal_scores(values: Floats, grid: Floats) -> Floats:
    """Values -> ranks between the quantiles of the training rows -> the quantiles of a normal distribution."""
    shares = np.linspace(0, 1, len(grid))
    # The mean of both ends where a value fills several quantiles, as in scikit-learn's QuantileTransformer.
    rank = (np.interp(values, grid, shares) - np.interp(-values, -grid[::-1], -shares[::-1])) / 2
    scores: Floats = scipy.special.ndtri(np.clip(rank, 0.005, 0.995))
    return scores if grid[0] < grid[-1] else np.zeros_like(scores)


@dataclass(frozen=True)
class Levels(Encoder):
    """Categories, sets of categories and keys: a column for each level; what was not seen has none.

    Attributes:
        column: The column.
        levels: The levels as JSON; None is one where values were missing.
    """

    column: str
    levels: list[Any]

    def encode(self, columns: Columns) -> Any:
        at = {level: i for i, level in enumerate(self.levels)}
        found = [[at[v] for v in levels_of(value) if v in at] for value in columns[self.column]]
        ends = np.cumsum([0, *map(len, found)])
        index = np.fromiter((i for row in found for i in row), dtype=np.int32, count=int(ends[-1]))
        ones = np.ones(len(index), dtype=np.float32)
        return scipy.sparse.csr_matrix((ones, index, ends), shape=(len(found), len(self.levels)))


@dataclass(frozen=True)
class Codes(Encoder):
    """Categories and keys: one column, of positions among the levels; NaN for what was not seen.

    Attributes:
        column, levels: As in `Levels`.
    """

    column: str
    levels: list[Any]

    def encode(self, columns: Columns) -> Floats:
        at = {v: float(i) for i, v in enumerate(self.levels)}
        codes = [at.get(level(value), math.nan) for value in columns[self.column]]
        return np.array(codes, dtype=np.float64).reshape(-1, 1)


def frequent(values: Sequence[Any], *, most: int) -> list[Any]:
    """The levels of a column, at most so many, in the order of their frequency."""
    counts = Counter(v for value in values for v in levels_of(value))
    return sorted(counts, key=lambda v: (-counts[v], str(v)))[:most]


def level(value: Any) -> Any:
    """A category or key as JSON holds it; members of an Enum as their kind writes them."""
    if isinstance(value, enum.Enum):
        return value.value if isinstance(value.value, str | int) else value.name
    return value


def levels_of(value: Any) -> Sequence[Any]:
    """The levels of one cell."""
    return [level(v) for v in value] if isinstance(value, set | frozenset | list | tuple) else (level(value),)

"""A pool of Parquet files as a task sees it: which example each row is, and where it lies as a point, kept on the disk between choices."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.candidates import Chosen, beside, checked_count, fitting, frozen
from tacit.errors import FileError, SelectionError
from tacit.featurefiles import FeatureFile, feature_file, kept_features
from tacit.files import Batch
from tacit.files.pools import PoolFiles
from tacit.freezing import thaw_columns
from tacit.learners import Columns, Floats, Model
from tacit.learners.features import length
from tacit.learners.points import Points, fit_points
from tacit.matching import Matching
from tacit.progress import Progress, report
from tacit.project import Project
from tacit.scouting import Scout, Sight
from tacit.selection import Frontier, Pool, Seals, exact, frontier, load_frontier, remaining
from tacit.store import Row
from tacit.strata import Division, Roll
from tacit.types import Category

__all__ = ["Pooled", "pooled"]

_ID = 16
"""Bytes of the id of an example."""

_SPACE = 4096
"""So many rows at the beginning tell what the space of points is."""

_ALIKE = 1e-3
"""Points on the disk are of this space if those of the first rows are so near to points that are made again."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Pooled:
    """Candidates in Parquet files, for strategies that look at points; see `pooled`.

    A row that fits the task and repeats no earlier one is a member; the numbers in here count members.

    Attributes:
        project: Whose store has the labels.
        files: Where the rows are.
        matching: Which column is which parameter.
        rows: (m,) int64 ascending, the row of each member in the files.
        ids: (m, 16) uint8, the id of its example.
        kept: Columns that are kept beside the inputs, also in the store.
    """

    project: Project
    files: PoolFiles
    matching: Matching
    rows: Rows
    ids: NDArray[np.uint8]
    kept: Sequence[str] = ()

    def choose(self, scout: Scout, n: int, seed: int, division: Division | None = None) -> Chosen:
        """Choose by points: all that are left are looked at, unless the strategy is SEALS, which looks near the labels only.

        Raises:
            OptionError, SelectionError: As `select` does.
            FileError: A file changed, or points cannot be kept.
        """
        labels = {label.example_id: json.dumps(label.value) for label in self.project.store.labels(self.matching.task.name)}
        tests = {e.id for batch in self.project.store.examples(self.matching.task.name, split="test") for e in batch}
        barred, labeled = self._members(tests), self._members(labels.keys() - tests)
        checked_count(self.matching.task, n, len(self.rows) - len(barred) - len(labeled))
        points, kept = self._points(scout)
        features = kept.mapped()
        if not isinstance(scout.strategy, Seals):
            left = np.setdiff1d(np.arange(len(self.rows)), np.union1d(labeled, barred))
            known = points.encode(scout.labeled) if scout.labeled is not None else features[:0]
            roll = None if division is None else Roll(division.of)
            batches = self._whole(left) if roll is None else self._enrolled(left, roll, scout.model)
            seen, groups = scout.look(self._told(batches), sight=Sight(features[left], known)), None
            if division is not None and roll is not None:
                seen, groups = division.divide(roll, seen)
            pick = scout.strategy.pick(seen, n, seed)
            return Chosen.of(self._names(left[pick.rows]), pick, groups)

        def look(near: Rows) -> Pool:
            return scout.look(self._told(self._some(near)), sight=Sight(features[near], features[labeled]))

        beyond = sorted(labels.keys() - tests - set(self._names(labeled)))
        path = kept.folder / f"frontier-{scout.strategy.k}.npz"
        state = self._frontier(path, scout.strategy.k, features, labeled, self._elsewhere(points, beyond)).bar(barred)
        step = scout.strategy.step(state, n, look, seed)
        step.frontier.save(path)
        chosen = Chosen.of(self._names(step.pick.rows), step.pick)
        return replace(chosen, said=f"; {step}{self._outside(state, labels)}")

    def new(self, ids: Sequence[str]) -> list[Row]:
        """What the store may not have yet of these, in their order."""
        signature = self.matching.task.signature
        members, made = self._members(ids), dict[str, Row]()
        extras = beside(self.files.read(self.rows[members], self.kept), self.kept, range(len(members))) if self.kept else []
        for columns in self._some(members):
            some = frozen(signature, columns, extras[len(made) : len(made) + length(columns)])
            made |= {row.id: row for row in some}
        if made.keys() != set(ids):
            raise SelectionError("the pool changed while it was read", next="select again, once nothing writes to it")
        return [made[id] for id in ids]

    def _members(self, ids: Collection[str]) -> Rows:
        """The members that are these examples, ascending; others are none."""
        wanted = set(ids)
        keys = np.frombuffer(bytes.fromhex("".join(wanted)), np.uint8).reshape(-1, _ID)
        likely = np.flatnonzero(np.isin(_halves(self.ids)[:, 0], _halves(keys)[:, 0]))
        return likely[[name in wanted for name in self._names(likely)]].astype(np.int64)

    def _names(self, members: Rows) -> list[str]:
        return [key.tobytes().hex() for key in self.ids[members]]

    def _points(self, scout: Scout) -> tuple[Points, FeatureFile]:
        """The space that the first rows tell, and the file of all points in it, which is written where it is not there yet."""
        first = _joined(self._whole(np.arange(min(_SPACE, len(self.rows)))))
        points = fit_points(first, scout.kinds, view=scout.view, pretrained=scout.pretrained, cache=scout.cache)
        some = points.encode({name: cells[:_ID] for name, cells in first.items()})
        of = json.dumps([self.files.fingerprint, self.matching.task.signature.text, scout.view, sorted(scout.pretrained.items())])
        kept = feature_file(_home(self.project), len(self.rows), some.shape[1], of=of)
        kept.write(lambda start: (points.encode(columns) for columns in self._whole(np.arange(start, len(self.rows)))))
        if not np.allclose(kept.mapped()[: len(some)], some, atol=_ALIKE):
            raise FileError(
                "the points of this pool were made by another version of a library",
                where=str(kept.folder),
                right="all points of a pool are of one space",
                next=f"rm -r {kept.folder}",
            )
        return points, kept

    def _frontier(self, path: Path, k: int, features: Floats, labeled: Rows, elsewhere: Floats) -> Frontier:
        """The frontier of these labels: the one on the disk, grown by what it does not know."""
        index = exact(features)
        try:
            state = load_frontier(path, pool=self.files.fingerprint)
        except FileError:
            state = frontier(len(features), k=k, pool=self.files.fingerprint)
        known = state.labeled[state.labeled >= 0]
        if len(np.setdiff1d(known, labeled)) or len(state.labeled) - len(known) != len(elsewhere):
            # A label was taken back, or given to a row that is not in the pool: which, the frontier does not know.
            fresh = frontier(len(features), k=k, pool=self.files.fingerprint)
            state = replace(fresh, drawn=state.drawn, outside=state.outside).grow(index, points=elsewhere)
        return state.grow(index, np.setdiff1d(labeled, state.labeled))

    def _elsewhere(self, points: Points, ids: Sequence[str]) -> Floats:
        """The points of examples that are labeled and not in the pool."""
        task, store = self.matching.task, self.project.store
        made = [points.encode(thaw_columns(task.signature, batch, store)) for batch in store.examples(task.name, ids=ids)]
        return np.concatenate(made) if made else np.empty((0, sum(len(b.center) for b in points.blocks)), np.float32)

    def _outside(self, state: Frontier, labels: dict[str, str]) -> str:
        """How much is left of the class that is rarest among the labels, once all that was drawn has labels."""
        drawn = self._names(state.drawn)
        if not drawn or not labels.keys() >= set(drawn) or not isinstance(self.matching.task.signature.output, Category):
            return ""
        rarest = min(Counter(labels.values()).items(), key=lambda item: item[1])[0]
        return f"; of {rarest}, the rarest class: {remaining(state, [labels[id] == rarest for id in drawn])}"

    def _whole(self, members: Rows) -> Iterator[Columns]:
        """The columns of members, ascending, which are most of those between the first and the last."""
        rows = self.rows[members]
        first = int(rows[0]) if len(rows) else self.files.size
        for columns in self.files.batches(_wanted(self.files, self.matching), start=first):
            n = length(columns)
            mine = rows[slice(*np.searchsorted(rows, [first, first + n]))] - first
            yield from self._fitting({name: [cells[i] for i in mine] for name, cells in columns.items()})
            first += n
            if first > rows[-1]:
                return

    def _some(self, members: Rows) -> Iterator[Columns]:
        """The columns of single members."""
        at_once = 8 * self.files.at_once  # whoever reads a row reads what lies before it in its row group
        for start in range(0, len(members), at_once):
            rows = self.rows[members[start : start + at_once]]
            yield from self._fitting(self.files.read(rows, _wanted(self.files, self.matching)))

    def _fitting(self, columns: dict[str, list[Any]]) -> Iterator[Columns]:
        if length(columns):
            for _, fit in fitting(self.matching, Batch(columns, range(length(columns)))):
                yield fit

    def _enrolled(self, members: Rows, roll: Roll, model: Model | None) -> Iterator[Columns]:
        """What `_whole` gives, each batch put on a roll; what is kept beside the inputs is read first, and equal texts held once."""
        held: dict[str, list[Any]] = {name: [] for name in self.kept}
        if held:
            for batch in self.files.batches(list(held)):
                for name, cells in batch.items():
                    held[name] += [sys.intern(cell) if type(cell) is str else cell for cell in cells]
        seen = 0
        for columns in self._whole(members):
            some = members[seen : seen + length(columns)]
            roll.take(self._names(some), columns, beside(held, self.kept, self.rows[some].tolist()), model=model)
            yield columns
            seen += len(some)

    def _told(self, batches: Iterator[Columns]) -> Iterator[Columns]:
        seen = 0
        for columns in batches:
            yield columns
            seen += length(columns)
            report(Progress(f"looking at candidates of {self.matching.task.name}", seen))


def pooled(project: Project, files: PoolFiles, matching: Matching, kept: Sequence[str] = ()) -> Pooled:
    """The members of a pool. All rows are read once; what they are stays on the disk, and goes on after a kill where it ended.

    Raises:
        FileError: A file changed, is gone or damaged; or the disk cannot be written.
    """
    task = matching.task

    def blocks(start: int) -> Iterator[NDArray[np.uint8]]:
        for columns in files.batches(_wanted(files, matching), start=start):
            keys = np.zeros((length(columns), _ID), np.uint8)  # zeros for what does not fit
            for at, fit in fitting(matching, Batch(columns, range(len(keys)))):
                ids = "".join(row.id for row in frozen(task.signature, fit))
                keys[at] = np.frombuffer(bytes.fromhex(ids), np.uint8).reshape(-1, _ID)
            yield keys

    of = json.dumps([files.fingerprint, task.signature.text, sorted(matching.theirs.items()), sorted(matching.whole.items())])
    ids = kept_features(_home(project), files.size, _ID, blocks, of=of, dtype="uint8")
    halves = _halves(ids)
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    repeated = (halves[order[1:]] == halves[order[:-1]]).all(axis=1)
    firsts = order[np.concatenate([[True], ~repeated])]
    rows = np.sort(firsts[halves[firsts].any(axis=1)])
    return Pooled(project, files, matching, rows, np.asarray(ids[rows]), kept)


def _halves(ids: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """(m, 2) of (m, 16) bytes, which compare faster."""
    return np.ascontiguousarray(ids).view(np.uint64).reshape(-1, 2)


def _home(project: Project) -> Path:
    return project.hidden / "features"


def _wanted(files: PoolFiles, matching: Matching) -> list[str]:
    """The columns to read; one at the least, to know how many rows there are."""
    return [name for name in files.columns if name in matching.wanted] or list(files.columns[:1])


def _joined(batches: Iterator[Columns]) -> Columns:
    whole: dict[str, list[Any]] = {}
    for columns in batches:
        for name, cells in columns.items():
            whole.setdefault(name, []).extend(cells)
    return whole

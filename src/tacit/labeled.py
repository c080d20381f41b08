"""Rows that come with their labels, read to measure by and stored nowhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.collecting import translation
from tacit.errors import OutsideType, quote
from tacit.examples import content_id
from tacit.files import read
from tacit.freezing import freeze, inputs_of
from tacit.labels import consensus
from tacit.learners import Data
from tacit.matching import check_column, match, parse_cell, parsed, pieces
from tacit.predicting import refuse
from tacit.progress import Progress, report
from tacit.project import Project
from tacit.tasks import Signature, Task
from tacit.types import Unfit

__all__ = ["LabeledData", "LabeledRows", "labeled_data", "labeled_rows", "learned_from", "no_measurement"]


@dataclass(frozen=True)
class LabeledRows:
    """Some rows that have labels.

    Attributes:
        columns: The parsed values of each input column.
        ids: The content id of each row.
        target: (n, n_classes) float64, 1 for the class it has; for numbers (n,) float64.
        without: How many rows beside them had no label.
        kept: The values of columns that are no inputs, as they were found.
    """

    columns: dict[str, list[Any]]
    ids: list[str]
    target: NDArray[np.float64]
    without: int
    kept: dict[str, list[Any]]

    def inputs(self, signature: Signature) -> list[dict[str, Any]]:
        """The inputs of each row, as a slice is called with them."""
        return inputs_of(signature, self.columns, len(self.ids))


def labeled_rows(
    task: Task[..., Any],
    rows: Any,
    label: str,
    *,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    keep: Sequence[str] = (),
) -> Iterator[LabeledRows]:
    """Read rows a batch at a time; of those without a label only the number.

    Arguments:
        task: Whose inputs and labels they are.
        rows: Whatever `add` takes.
        label: The column of labels.
        columns, values: Their column -> our parameter, their label -> ours, as in `add`.
        keep: Columns that are no inputs, to be read beside them.

    Raises:
        OutsideType: A label is not of the return type.
        DataError: A file cannot be read, a column is missing, or a row does not fit.
    """
    given = read(rows)
    matching = match(task, given, columns)
    translate = translation(task, values or {})
    check_column(given, label, "label")
    for name in keep:
        check_column(given, name, "groups")
    output = task.signature.output
    for whole in given.batches(matching.wanted | {label, *keep}):
        for batch in pieces(matching, whole):
            cells = [translate(cell) for cell in batch.columns.get(label, [None] * len(batch.numbers))]
            kept = [i for i, cell in enumerate(cells) if not output.missing(cell)]
            fit = parsed(matching, batch)
            refuse(task, given.name, batch, fit)
            said = {f"row {batch.numbers[i]:,}": [_label(task, cells[i], batch.numbers[i], given.name)] for i in kept}
            _, target = consensus(said, output, task=task.name)
            inputs = {name: [cells[i] for i in kept] for name, cells in fit.columns.items()}
            ids = [content_id(freeze(task.signature, {n: v[i] for n, v in inputs.items()})[0]) for i in range(len(kept))]
            beside = {name: [batch.columns.get(name, [None] * len(cells))[i] for i in kept] for name in keep}
            yield LabeledRows(inputs, ids, target, len(cells) - len(kept), beside)


@dataclass(frozen=True)
class LabeledData:
    """Rows that have labels, as learners take them.

    Attributes:
        data: Columns, targets, and a weight of 1 for each.
        ids: The content id of each row.
        notes: What became of other rows.
    """

    data: Data
    ids: list[str]
    notes: tuple[str, ...]


def labeled_data(
    project: Project,
    task: Task[..., Any],
    rows: Any,
    *,
    label: str,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    once: bool = True,
    but: frozenset[str] = frozenset(),
) -> LabeledData:
    """Read all rows that have a label.

    Arguments:
        project: Names the pretrained encoders.
        task, rows, label, columns, values: As in `labeled_rows`; errors too.
        once: Whether rows of equal inputs become one, whose target is the mean of theirs.
        but: Ids that are left out.
    """
    signature = task.signature
    inputs: dict[str, list[Any]] = {name: [] for name in signature.columns}
    ids: list[str] = []
    targets: dict[str, list[NDArray[np.float64]]] = {}
    without = known = again = 0
    for some in labeled_rows(task, rows, label, columns=columns, values=values):
        without += some.without
        for i, id in enumerate(some.ids):
            key = id if once else str(len(ids))
            if id in but:
                known += 1
            elif key in targets:
                again += 1
                targets[key].append(some.target[i])
            else:
                ids.append(id)
                targets[key] = [some.target[i]]
                for name, cells in some.columns.items():
                    inputs[name].append(cells[i])
        report(Progress(f"reading the rows of {task.name}", len(ids)))
    target = np.array([np.mean(each, axis=0) for each in targets.values()])
    data = Data(signature.columns, inputs, signature.output, target, np.ones(len(ids)), pretrained=project.settings.pretrained)
    left = {
        "without a label": without,
        "with inputs that the test set has": known,
        "with inputs that came before (each is labeled once)": again,
    }
    return LabeledData(data, ids, tuple(f"{n:,} row{'s' * (n != 1)} {why} left out" for why, n in left.items() if n))


def _label(task: Task[..., Any], cell: Any, number: int, source: str) -> Any:
    output = task.signature.output
    try:
        return output.to_json(parse_cell(output, cell))
    except Unfit as error:
        raise OutsideType(
            f"the label of row {number:,} {error.reason}",
            where=source,
            right=f"did you mean {quote(error.near)}?" if error.near else None,
            next=f"--values {shlex.quote(str(cell))}={error.near or 'VALUE'}",
        ) from None


def learned_from(project: Project, task: Task[..., Any]) -> frozenset[str]:
    """The ids of the examples that training may use: labeled, and no test rows."""
    batches = project.store.examples(task.name, labeled=True)
    return frozenset(e.id for batch in batches for e in batch if e.split != "test")


def no_measurement(known: int, n: int) -> str:
    """The note on rows to measure on that training may have used, so many of n."""
    return f"{known:,} of {n:,} rows are labeled examples of the store, which models learn from: on them this is no measurement"

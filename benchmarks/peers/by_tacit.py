"""tacit itself, through its public functions, in a process of its own: add, train within the budget, predict."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from typing import Any, Literal

import pandas as pd
from rows import LABEL, Answers, Rows, asked, read, show, since_start


def task(rows: Rows) -> Any:
    """A task whose one parameter is a text, an image or a record with the columns of `rows`."""
    import tacit

    def answer(x: Any) -> Any: ...

    answer.__doc__ = "What is the answer for this example?"
    if rows.kind == "text":
        parameter: Any = tacit.Text
    elif rows.kind == "image":
        parameter = tacit.Image
    else:
        numeric = {c: pd.api.types.is_numeric_dtype(rows.train[c]) for c in rows.inputs}
        parameter = dataclasses.make_dataclass("Row", [(c, (float if numeric[c] else str) | None) for c in rows.inputs])
    output = float if rows.number else Literal[tuple(sorted(set(rows.train[LABEL])))]
    answer.__annotations__ = {"x": parameter, "return": output}
    return tacit.task(answer)


def main() -> None:
    a = asked()
    rows = read(a.data)
    notes: dict[str, Any] = {}
    folder = tempfile.mkdtemp(prefix="by-tacit-")

    def given(frame: pd.DataFrame) -> pd.DataFrame:
        return frame if rows.kind == "record" else frame.rename(columns={rows.inputs[0]: "x"})

    def fit() -> Answers:
        import tacit

        tacit.open(folder)
        learned = task(rows)
        tacit.add(learned, given(rows.train), label=LABEL)
        began = since_start()
        run = tacit.train(learned, budget=a.budget, seed=a.seed)
        notes.update(
            train_s=since_start() - began,
            claimed=run.score,
            interval=list(run.interval) if run.interval else None,
            chosen=run.learner,
            curve=len(run.curve),
            stopped=run.stopped,
        )
        return lambda test: [p.value for p in tacit.predict(learned, given(test))]

    try:
        show(rows, fit, ("tacit", "lightgbm", "numpy"), notes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

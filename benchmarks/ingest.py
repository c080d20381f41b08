"""How long `add` takes, beside sqlite3 alone writing the very same rows.

    python benchmarks/ingest.py pool.parquet --column text --runs 5

Two arms, each run in a process of its own, in turns:

- raw: `executemany` of finished rows into the same table with the same indexes, in one transaction. Reading the file,
  hashing and JSON are not timed.
- tacit: all of `add`, from the file to the store: reading, checking, hashing, JSON, transactions batch by batch.

The ratio of a turn is its tacit seconds by its raw seconds. Memory is how far the peak of the tacit arm rises during `add`.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine

from tacit import Text, task
from tacit.collecting import add_rows
from tacit.examples import canonical, content_id
from tacit.files import read
from tacit.store import Store
from tacit.store.schema import metadata


@task
def speech(text: Text) -> bool:
    """Is it?"""


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def raw(data: str, column: str, folder: str) -> dict[str, float]:
    file = Path(folder) / "raw.db"
    engine = create_engine(f"sqlite:///{file}")
    metadata.create_all(engine)
    engine.dispose()
    rows = {}
    for batch in read(data).batches([column]):
        for text in batch.columns[column]:
            inputs = canonical({"text": text})
            rows[content_id(inputs)] = ("speech", content_id(inputs), inputs, None, None)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO examples (task, id, inputs, extra, split) VALUES (?, ?, ?, ?, ?)", rows.values())
    connection.execute("COMMIT")
    return {"seconds": time.perf_counter() - start, "rows": len(rows), "megabytes": 0.0}


def tacit(data: str, column: str, folder: str) -> dict[str, float]:
    import pyarrow.parquet  # noqa: F401  what the package needs anyway is no part of what the rows need

    with Store.open(folder) as store:
        before, start = peak(), time.perf_counter()
        added = add_rows(store, speech, data, columns={column: "text"}, set_aside=Path(folder))
        return {"seconds": time.perf_counter() - start, "rows": added.n, "megabytes": peak() - before}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pool = Path(__file__).resolve().parents[2] / "shared" / "data" / "text_pool" / "pool.parquet"
    parser.add_argument("data", nargs="?", default=str(pool), help="a file with a column of text")
    parser.add_argument("--column", default="text")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--arm", choices=["raw", "tacit"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if not Path(asked.data).exists():
        sys.exit(f"there is no file {asked.data}.  next: give one with a column of text")
    if asked.arm:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps({"raw": raw, "tacit": tacit}[asked.arm](asked.data, asked.column, folder)))
        return
    turns = []
    for i in range(asked.runs):
        turn = {}
        for arm in ("raw", "tacit") if i % 2 else ("tacit", "raw"):
            command = [sys.executable, __file__, asked.data, "--column", asked.column, "--arm", arm]
            turn[arm] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        turns.append(turn)
    assert all(turn["raw"]["rows"] == turn["tacit"]["rows"] for turn in turns), "the arms stored different rows"
    for arm in ("raw", "tacit"):
        seconds = [turn[arm]["seconds"] for turn in turns]
        print(
            f"{arm:6} {statistics.median(seconds):6.2f} s  ({min(seconds):.2f}-{max(seconds):.2f})  {turns[0][arm]['rows']:,} rows"
        )
    ratios = [turn["tacit"]["seconds"] / turn["raw"]["seconds"] for turn in turns]
    memory = [turn["tacit"]["megabytes"] for turn in turns]
    print(f"ratio  {statistics.median(ratios):6.2f}    ({min(ratios):.2f}-{max(ratios):.2f})  n = {len(turns)} turns")
    print(f"peak memory during add: +{statistics.median(memory):.0f} MB  ({min(memory):.0f}-{max(memory):.0f})")


if __name__ == "__main__":
    main()

"""What was learned from a collection: votes, runs, models, releases and judged cues in the store."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select

from tacit.errors import NoModel
from tacit.store.database import Database
from tacit.store.records import Released, StoredCue, StoredModel, StoredRelease, StoredRun, StoredVotes
from tacit.store.schema import cues, live, models, releases, runs, votes

__all__ = ["Archive"]

# Built once: it is run before every prediction.
_LIVE = (
    select(releases.c.version, releases.c.model, releases.c.at, models.c.folder, models.c.signature)
    .join(live, (live.c.task == releases.c.task) & (live.c.version == releases.c.version))
    .join(models, models.c.id == releases.c.model, isouter=True)
    .where(live.c.task == bindparam("task"))
)


class Archive(Database):
    """What was learned for tasks."""

    def save_votes(self, task: str, function: str, fingerprint: str, upto_seq: int, data: bytes) -> None:
        """Keep what a labeling function said of the examples up to `upto_seq`, in place of what it said before."""
        with self.writing() as connection:
            _put(connection, votes, task=task, function=function, fingerprint=fingerprint, upto_seq=upto_seq, data=data)

    def votes(self, task: str) -> dict[str, StoredVotes]:
        """Name of the labeling function -> what it said."""
        query = select(votes.c.function, votes.c.fingerprint, votes.c.upto_seq, votes.c.data).where(votes.c.task == task)
        with self.reading() as connection:
            return {row.function: StoredVotes(*row) for row in connection.execute(query)}

    def save_run(self, id: str, task: str, at: float, status: str, record: dict[str, Any]) -> None:
        """Keep a run, in place of the one with this id."""
        with self.writing() as connection:
            _put(connection, runs, id=id, task=task, at=at, status=status, record=json.dumps(record))

    def run(self, id: str) -> StoredRun | None:
        """The run with this id."""
        with self.reading() as connection:
            row = connection.execute(select(runs).where(runs.c.id == id)).one_or_none()
        return None if row is None else _run(*row)

    def runs(self, task: str) -> list[StoredRun]:
        """The runs of a task, oldest first."""
        with self.reading() as connection:
            return [_run(*row) for row in connection.execute(select(runs).where(runs.c.task == task).order_by(runs.c.at))]

    def save_model(self, model: StoredModel) -> None:
        """Keep where a model lies, in place of the one with its id."""
        with self.writing() as connection:
            _put(connection, models, **{name: getattr(model, name) for name in models.c.keys()})  # noqa: SIM118

    def model(self, id: str) -> StoredModel | None:
        """The model with this id."""
        with self.reading() as connection:
            row = connection.execute(select(models).where(models.c.id == id)).one_or_none()
        return None if row is None else StoredModel(*row)

    def models(self, task: str) -> list[StoredModel]:
        """The models of a task, oldest first."""
        query = select(models).where(models.c.task == task).order_by(models.c.at)
        with self.reading() as connection:
            return [StoredModel(*row) for row in connection.execute(query)]

    def release(self, task: str, model: str, note: str = "") -> int:
        """Make a model the live release, under the next version number, which is returned. Both happen or neither."""
        with self.writing() as connection:
            last = connection.scalar(select(func.max(releases.c.version)).where(releases.c.task == task)) or 0
            values = {"task": task, "version": last + 1, "model": model, "at": time.time(), "note": note}
            connection.execute(insert(releases).values(values))
            _put(connection, live, task=task, version=last + 1)
        return int(last) + 1

    def live(self, task: str) -> Released | None:
        """The live release of a task."""
        with self.reading() as connection:
            row = connection.execute(_LIVE, {"task": task}).one_or_none()
        return None if row is None else Released(*row)

    def releases(self, task: str) -> list[StoredRelease]:
        """The releases of a task, oldest first."""
        columns = (releases.c.version, releases.c.model, releases.c.at, releases.c.note)
        query = select(*columns).where(releases.c.task == task).order_by(releases.c.version)
        with self.reading() as connection:
            return [StoredRelease(*row) for row in connection.execute(query)]

    def set_live(self, task: str, version: int) -> None:
        """Make an earlier or later release the live one.

        Raises:
            NoModel: The task has no release of that version.
        """
        with self.writing() as connection:
            versions = list(
                connection.scalars(select(releases.c.version).where(releases.c.task == task).order_by(releases.c.version))
            )
            if version not in versions:
                has = f"it has {', '.join(map(str, versions))}" if versions else "it has no release yet"
                raise NoModel(f"{task} has no release {version}", right=has, next=f"tacit train {task}")
            _put(connection, live, task=task, version=version)

    def judge_cue(self, task: str, cue_json: str, label: str, verdict: str) -> None:
        """Keep what somebody says of a cue and a class, in place of what was said before."""
        id = hashlib.blake2b(f"{label}\n{cue_json}".encode(), digest_size=16).hexdigest()
        with self.writing() as connection:
            _put(connection, cues, task=task, id=id, cue=cue_json, label=label, verdict=verdict, at=time.time())

    def cues(self, task: str) -> list[StoredCue]:
        """The cues of a task that were judged, oldest first."""
        query = (
            select(cues.c.cue, cues.c.label, cues.c.verdict, cues.c.at).where(cues.c.task == task).order_by(cues.c.at, cues.c.id)
        )
        with self.reading() as connection:
            return [StoredCue(json.loads(cue), *rest) for cue, *rest in connection.execute(query)]


def _run(id: str, task: str, at: float, status: str, record: str) -> StoredRun:
    return StoredRun(id, task, at, status, json.loads(record))


def _put(connection: Connection, table: Table, **values: Any) -> None:
    """Insert a row in place of the one with its primary key."""
    connection.execute(delete(table).where(*(column == values[column.name] for column in table.primary_key)))
    connection.execute(insert(table).values(values))

"""The engine under a store: how it is opened, checked, read and written."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, inspect, make_url

from tacit.errors import MissingExtra, OptionError, StoreTooNew, StoreUnavailable
from tacit.store.faults import translated
from tacit.store.schema import REVISION

__all__ = ["BUSY_SECONDS", "Database"]

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


class Database:
    """One SQLAlchemy engine with its way of transactions: readers see a snapshot, writers queue for the lock.

    Attributes:
        engine: The engine.
        file: What messages call the database: its path, or its URL without the password.
    """

    def __init__(self, engine: Engine, file: str) -> None:
        self.engine, self.file = engine, file
        self._writer = engine.execution_options(writes=True)
        # SQLite looks for a free lock now and then; threads of this process need not, they can be told.
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else contextlib.nullcontext()

    @classmethod
    def open(cls, folder: str | Path, *, url: str | None = None, durability: str = "normal") -> Self:
        """Open the store of a folder, and make it where there is none.

        Arguments:
            folder: Where `store.db` is; made if it does not exist.
            url: An SQLAlchemy URL of a database to use instead.
            durability: "normal": what was acknowledged survives the end of the process; "full": also a power loss.

        Raises:
            StoreTooNew: It was written by a newer tacit.
            StoreUnavailable: It is damaged, locked, read-only, or the disk is full.
            OptionError: `durability` is neither of the two, or `url` is no URL.
            MissingExtra: The driver for the database of `url` is not installed.
        """
        if durability not in ("normal", "full"):
            raise OptionError(f"durability is {durability!r}; it is normal or full", next='write durability = "normal"')
        if url is None:
            try:
                Path(folder).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnavailable(
                    f"the folder {folder} cannot be made ({error.strerror})", next=f"ls -ld {Path(folder).parent}"
                ) from None
        engine, address = _engine(folder, url)
        file = (address.database or "") if engine.dialect.name == "sqlite" else address.render_as_string()
        if engine.dialect.name == "sqlite":
            _as_sqlite(engine, durability)
        database = cls(engine, file)
        try:
            with translated(file):
                database._check()
        except BaseException:
            engine.dispose()
            raise
        return database

    @classmethod
    def revision(cls, folder: str | Path, *, url: str | None = None) -> str | None:
        """The revision of a store as it lies there, None where there is none; nothing is made or upgraded.

        Raises:
            StoreUnavailable, OptionError, MissingExtra: As `open` does.
        """
        if url is None and not (Path(folder) / "store.db").exists():
            return None
        engine, address = _engine(folder, url)
        try:
            with translated(address.render_as_string()), engine.connect() as connection:
                return cls._revision(connection)
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one snapshot. Raises `StoreUnavailable`."""
        with translated(self.file), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that commits at the end, or leaves nothing. Raises `StoreUnavailable`."""
        with self._turn, translated(self.file), self._writer.begin() as connection:
            yield connection

    def _check(self) -> None:
        """Bring the schema to this tacit's revision. Where it is there already this is a single SELECT."""
        with self.engine.connect() as connection:
            if self._revision(connection) == REVISION:
                return
        with self._writer.begin() as connection:
            found = self._revision(connection)  # again, now that no other process can be at it
            if found == REVISION:
                return
            if found is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
                raise StoreUnavailable(
                    f"{self.file} is a database, but no store of tacit", next=f"mv {self.file} {self.file}.other"
                )
            from tacit import migrations

            if found is not None and found not in migrations.revisions():
                raise StoreTooNew(
                    f"the store {self.file} was written by a newer tacit (revision {found})",
                    right=f"this tacit knows revisions up to {REVISION}",
                    next="pip install --upgrade tacit",
                )
            migrations.upgrade(connection)

    @staticmethod
    def _revision(connection: Connection) -> str | None:
        try:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except (exc.OperationalError, exc.ProgrammingError) as error:
            if "no such table" in str(error.orig) or "does not exist" in str(error.orig):
                return None
            raise


def _engine(folder: str | Path, url: str | None) -> tuple[Engine, URL]:
    """The engine of a store, not connected yet, and its address."""
    try:
        address = URL.create("sqlite", database=str(Path(folder) / "store.db")) if url is None else make_url(url)
        return create_engine(address), address
    except (exc.ArgumentError, ValueError):
        raise OptionError("the url of the store is not understood", next="write url = sqlite:////folder/store.db") from None
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"the store of {address.render_as_string()} needs {error.name}, which is not installed",
            next='pip install "psycopg[binary]", and write the url as postgresql+psycopg://...',
        ) from None


def _as_sqlite(engine: Engine, durability: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin below, not where the driver thinks they should
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        _write_ahead(connection)
        connection.execute(f"PRAGMA synchronous = {'FULL' if durability == 'full' else 'NORMAL'}")
        # Ids are hashes, so inserts go all over the index: pages should stay in memory (64 MiB), and be written back seldom.
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA wal_autocheckpoint = 8000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: one that reads first could find it taken, and no waiting would help then.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(connection: Any) -> None:
    """Turn on the write-ahead log. Two processes that make a store at once collide here, where SQLite does not wait."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_READONLY"):
                return  # it can still be read
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > end:
                raise
            time.sleep(0.01)

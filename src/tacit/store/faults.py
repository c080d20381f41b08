"""What databases report, as errors that say what to do."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy import exc

from tacit.errors import StoreUnavailable

__all__ = ["translated"]

_FAULTS = {
    "SQLITE_FULL": ("has no room left; nothing of this step was written", "df -h {folder}  # make room, then run it again"),
    "SQLITE_BUSY": ("is locked by another process", "fuser {file}  # shows who holds it; then run it again"),
    "SQLITE_LOCKED": ("is locked by another process", "fuser {file}  # shows who holds it; then run it again"),
    "SQLITE_READONLY": ("is read-only", "chmod -R u+w {folder}"),
    "SQLITE_PERM": ("may not be opened", "chmod -R u+rw {folder}"),
    "SQLITE_CANTOPEN": ("cannot be opened", "ls -ld {folder}  # does it exist, and is it yours?"),
    "SQLITE_IOERR": ("cannot be read or written: the disk reports an error", "df -h {folder}  # and see what dmesg says"),
    "SQLITE_CORRUPT": ("is damaged", "mv {file} {file}.damaged  # then copy a backup there, or add the data again"),
    "SQLITE_NOTADB": ("is not a database", "mv {file} {file}.damaged  # then copy a backup there, or add the data again"),
}


@contextlib.contextmanager
def translated(file: str) -> Iterator[None]:
    """Turn what goes wrong with the database `file` into `StoreUnavailable`; mistakes in SQL stay what they are."""
    try:
        yield
    except (sqlite3.Error, exc.DBAPIError) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        code = getattr(cause, "sqlite_errorname", None) or ""  # SQLITE_IOERR_WRITE and the like extend the plain names
        for name, (what, next) in _FAULTS.items():
            if code.startswith(name):
                folder = file.rpartition("/")[0] or "."
                raise StoreUnavailable(
                    f"the store {file} {what} ({cause})", next=next.format(file=file, folder=folder)
                ) from error
        if not code and isinstance(error, exc.OperationalError | exc.InterfaceError):  # a database that is elsewhere
            raise StoreUnavailable(
                f"the store {file} cannot be reached ({' '.join(str(cause).split())})",
                next="tacit doctor, once the database answers",
            ) from error
        raise
    except exc.TimeoutError as error:
        raise StoreUnavailable(
            f"the store {file} is used by too many threads at once ({error})", next="use fewer threads, then run it again"
        ) from error

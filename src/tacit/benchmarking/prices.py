"""What an hour of a machine costs, from a table that says where each price was read, and when."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tacit.errors import FileError, OptionError, nearest, quote
from tacit.project import Project

__all__ = ["FILE", "Price", "price_of", "prices"]

FILE = Path("bench") / "prices.csv"
"""Where the table lies in a project."""

_COLUMNS = ("machine", "price", "currency", "source", "date")
_MOST = 1e6


@dataclass(frozen=True)
class Price:
    """A price.

    Attributes:
        machine: A name for what is paid for: all machines of a run together.
        usd_per_hour: On demand: spot prices change within a run, and are not compared (DAWNBench, rules).
        source: Where it was read: a page, a contract.
        date: When, ISO 8601; None for a price in the settings, which says neither.
    """

    machine: str
    usd_per_hour: float
    source: str
    date: str | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def price_of(project: Project, machine: str | None) -> Price | None:
    """The price of a machine of the table; without a name, `price_per_hour` of the settings; None where there is neither.

    Raises:
        OptionError: The table has no such machine, or there is no table.
        FileError: The table cannot be read.
    """
    if machine is None:
        price = project.settings.price_per_hour
        return None if price is None else Price("this machine", price, "pyproject.toml", None)
    known = prices(project.root / FILE)
    if machine not in known:
        raise OptionError(
            f"there is no price of {quote(machine)}",
            right=f"{FILE.as_posix()} has {', '.join(known)}" if known else f"{FILE.as_posix()} has a line for each machine",
            next=f"--machine {nearest(machine, known) or next(iter(known))}"
            if known
            else f"write {FILE.as_posix()}: {','.join(_COLUMNS)}",
        )
    return known[machine]


def prices(file: Path) -> dict[str, Price]:
    """Machine -> its price; empty where there is no table.

    Raises:
        FileError: A column is missing, or a line has no positive price in USD, no source or no date. All that is wrong is said.
    """
    if not file.exists():
        return {}
    head = ",".join(_COLUMNS)
    try:
        with open(file, encoding="utf-8-sig", newline="") as text:
            table = csv.DictReader(text)
            lacking = [name for name in _COLUMNS if name not in (table.fieldnames or ())]
            rows = [] if lacking else list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"{file} is no table ({error})", next=f"save it as UTF-8, with the columns {head}") from None
    if lacking:
        raise FileError(f"{file} has no column {' and no '.join(lacking)}", right=f"its columns are {head}", next=f"edit {file}")
    wrong = [f"line {n}: {said}" for n, row in enumerate(rows, 2) if (said := _wrong(row))]
    if wrong:
        raise FileError(f"{file} has prices that cannot be used: {'; '.join(wrong[:5])}", next=f"edit {file}")
    return {row["machine"]: Price(row["machine"], float(row["price"]), row["source"], row["date"]) for row in rows}


def _wrong(row: Mapping[str, str | None]) -> str | None:
    """What is wrong with a line, in words; None if nothing is."""
    machine, price, currency, source, date = (str(row[name] or "").strip() for name in _COLUMNS)
    if not machine:
        return "machine is empty"
    try:
        value = float(price)
    except ValueError:
        return f"price is {quote(price)}, not a number"
    if not math.isfinite(value) or not 0 < value < _MOST:
        return f"price is {price}; it is USD an hour, more than 0"
    if currency != "USD":
        return f"currency is {quote(currency)}; rates change, so convert it to USD and say so in source"
    if not source:
        return "source is empty; it is where the price was read"
    if "spot" in source.lower():
        return "a spot price changes within a run; give the price on demand"
    try:
        dt.date.fromisoformat(date)
    except ValueError:
        return f"date is {quote(date)}; it is a day such as 2026-11-28"
    return None

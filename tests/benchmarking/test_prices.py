"""Prices, and where they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

import tacit
from tacit.benchmarking.prices import Price, price_of
from tacit.errors import FileError, OptionError

HEAD = "machine,price,currency,source,date\n"


def table(folder: Path, text: str) -> None:
    (folder / "bench").mkdir()
    (folder / "bench" / "prices.csv").write_text(text, encoding="utf-8")


def test_a_machine_of_the_table_has_its_price_with_source_and_date(tmp_path: Path) -> None:
    table(tmp_path, HEAD + "p3,3.06,USD,https://example.org/prices,2018-04-20\n")

    assert price_of(tacit.open(tmp_path), "p3") == Price("p3", 3.06, "https://example.org/prices", "2018-04-20")


def test_without_a_name_the_settings_say_it(tmp_path: Path) -> None:
    assert price_of(tacit.open(tmp_path), None) is None
    (tmp_path / "pyproject.toml").write_text("[tool.tacit]\nprice_per_hour = 0.05\n")

    assert price_of(tacit.open(tmp_path), None) == Price("this machine", 0.05, "pyproject.toml", None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",1,USD,a,2026-01-01", "line 2: machine is empty"),
        ("m,cheap,USD,a,2026-01-01", 'price is "cheap", not a number'),
        ("m,0,USD,a,2026-01-01", "price is 0; it is USD an hour, more than 0"),
        ("m,nan,USD,a,2026-01-01", "price is nan"),
        ("m,1,RMB,a,2026-01-01", 'currency is "RMB"; rates change'),
        ("m,1,USD,,2026-01-01", "source is empty"),
        ("m,1,USD,spot market,2026-01-01", "a spot price changes within a run"),
        ("m,1,USD,a,20/4/2018", 'date is "20/4/2018"; it is a day such as'),
        ("m", 'price is "", not a number'),
    ],
)
def test_a_price_that_cannot_be_used_says_why(tmp_path: Path, line: str, said: str) -> None:
    table(tmp_path, f"{HEAD}{line}\n")

    with pytest.raises(FileError, match=said):
        price_of(tacit.open(tmp_path), "m")


def test_a_table_without_a_column_says_which(tmp_path: Path) -> None:
    table(tmp_path, "machine,price\nm,1\n")

    with pytest.raises(FileError, match="no column currency and no source and no date"):
        price_of(tacit.open(tmp_path), "m")


def test_a_machine_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r'no price of "m".*write bench/prices.csv: machine,price'):
        price_of(tacit.open(tmp_path), "m")
    table(tmp_path, HEAD + "p3.2xlarge,3.06,USD,a page,2018-04-20\n")

    with pytest.raises(OptionError, match=r"has p3.2xlarge.*--machine p3.2xlarge"):
        price_of(tacit.open(tmp_path), "p3.xlarge")

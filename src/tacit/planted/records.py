"""Cues for records: a column that stands in for the label, and a group whose labels are wrong more often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tacit.types import is_missing

__all__ = ["GroupNoise", "Proxy"]


@dataclass(frozen=True)
class Proxy:
    """A value of a column that goes with the label, as a postcode may, in a new column or in one that is there.

    Attributes:
        column: Its name.
        value: What rows with the cue have there.
        without: What other rows have there, if they have no value: all of them, where the column is new.
    """

    column: str
    value: Any = True
    without: Any = False

    @property
    def name(self) -> str:
        return f"{self.column}={self.value}"

    def read(self, value: Any) -> Any:
        return self.without if is_missing(value) else value

    def has(self, value: Any) -> bool:
        return str(value) == str(self.value)

    def put(self, value: Any) -> Any:
        return self.value


@dataclass(frozen=True)
class GroupNoise:
    """No value is changed: the labels of the rows with `column` = `value` are wrong more often than those of others.

    With strength s a label of the group is s / (1 - s) times as likely to be wrong as another; `noise` is the share of wrong
    labels among all.

    Attributes:
        column: One that is there.
        value: The group's, as it is or as text.
    """

    column: str
    value: Any

    @property
    def name(self) -> str:
        return f"{self.column}={self.value}"

    def has(self, value: Any) -> bool:
        """Whether a row with this value is of the group."""
        return str(value) == str(self.value)

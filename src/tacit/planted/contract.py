"""What every cue that can be planted does. What one that was found does says `tacit.cues.Cue`."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

__all__ = ["Plantable"]


@runtime_checkable
class Plantable(Protocol):
    """Something to put into the values of one column.

    A twin needs no way back: of each row both are kept, the value without the cue and the value with it.
    """

    @property
    def name(self) -> str:
        """As people read it: `"mr. brown" in front`."""

    @property
    def column(self) -> str | None:
        """The column that it goes into, whether there is one yet or not; None is for the caller to say."""

    def read(self, value: Any) -> Any:
        """The value in the form that `put` takes, None where there is none. Raises `Unfit` where it is of another kind."""

    def has(self, value: Any) -> bool:
        """Whether the cue is in a value that was read: such a row has no twin without it."""

    def put(self, value: Any) -> Any:
        """A value that was read and has not the cue, with it; the value itself stays what it is. Raises `Unfit` where there is no room."""

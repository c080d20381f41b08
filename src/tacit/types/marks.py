"""The words that people write in signatures beside Python's own: Text, Image, Word, Id..."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    import os

    import numpy as np
    import PIL.Image

__all__ = ["Between", "Character", "Id", "Image", "Mark", "Precision", "Size", "Span", "Text", "Vector", "Word"]


@dataclass(frozen=True)
class Mark:
    """Tells one use of a Python type from another: `Text` is a `str` that is never a category."""

    name: str


@dataclass(frozen=True)
class Between:
    """The range of a number, both ends included: `Annotated[float, Between(0, 5)]`."""

    low: float
    high: float


@dataclass(frozen=True)
class Precision:
    """How often an answer must be right to be given: `Annotated[T | None, Precision(0.95)]`."""

    share: float


@dataclass(frozen=True)
class Size:
    """The length of a vector."""

    n: int


Label = TypeVar("Label")


@dataclass(frozen=True)
class Span(Generic[Label]):
    """Characters `start` to `end` (not included) of a text, with a label."""

    start: int
    end: int
    label: Label


Text: TypeAlias = Annotated[str, Mark("text")]
"""Text written by people. Unlike a plain `str` it is never treated as a category."""

Character: TypeAlias = Annotated[str, Mark("character")]
"""One character: `list[Character]` is a text that is to be written."""

Word: TypeAlias = Annotated[str, Mark("word")]
"""One word: `tuple[Word, ...]` is a sentence so far, or suggestions with the best first."""

Id: TypeAlias = Annotated[str | int, Mark("id")]
"""A key, of a user or an item say, that gets offsets of its own."""

if TYPE_CHECKING:
    Image: TypeAlias = str | os.PathLike[str] | bytes | PIL.Image.Image | np.ndarray[Any, Any]
    Vector: TypeAlias = list
else:
    Image = Annotated[Any, Mark("image")]

    class Vector:
        """`Vector[n]`: a list of n floats."""

        def __class_getitem__(cls, n: int) -> Any:
            return Annotated[list[float], Size(n)]

"""The records of the loop, all frozen: examples, their labels, predictions, and what people say of these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Example", "Feedback", "Label", "Prediction", "canonical", "content_id"]


@dataclass(frozen=True)
class Example:
    """One input of a task, named by its content.

    Attributes:
        id: 32 hexadecimal digits: the hash of the inputs. Equal inputs have equal ids.
        inputs: Parameter -> value, as they came in.
        extra: Columns that are no inputs: a protected attribute, a student's id, a time.
        split: "train", "test" or None.
    """

    id: str
    inputs: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    split: str | None = None


@dataclass(frozen=True)
class Label:
    """What somebody said of an example.

    Attributes:
        example: The id of the example.
        value: Of the task's return type.
        source: "human", "import", "feedback", ...
        by: Who said it, where the source has people; else "".
        at: Seconds since 1970, UTC.
    """

    example: str
    value: Any
    source: str
    by: str = ""
    at: float = 0.0

    def __str__(self) -> str:
        return f"{self.by or self.source} says that {self.example[:8]} is {self.value!r}."

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints; `value` is as Python holds it."""
        return {"example": self.example, "value": self.value, "source": self.source, "by": self.by, "at": self.at}


@dataclass(frozen=True)
class Prediction:
    """An answer.

    Attributes:
        value: Of the task's return type.
        confidence: The probability given to `value`, from 0 to 1; None for numbers.
        scores: Class as text -> probability; they sum to 1. Empty for numbers.
        release: The version that answered, or None for a model that is not released.
        id: 32 hexadecimal digits, by which feedback refers to it.
    """

    value: Any
    confidence: float | None
    scores: Mapping[str, float]
    release: int | None
    id: str

    def to_dict(self) -> dict[str, Any]:
        """What `--json` and HTTP print; `value` is as Python holds it."""
        return {
            "value": self.value,
            "confidence": self.confidence,
            "scores": dict(self.scores),
            "release": self.release,
            "id": self.id,
        }


@dataclass(frozen=True)
class Feedback:
    """What somebody said of a prediction that was logged.

    Attributes:
        id: The id of the prediction.
        inputs: What was asked, as JSON holds it: parameter -> value; an image is `{"blob": id}`.
        value: What the answer should have been, of the task's return type.
        at: Seconds since 1970, UTC.
    """

    id: str
    inputs: Mapping[str, Any]
    value: Any
    at: float

    def __str__(self) -> str:
        return f"prediction {self.id[:8]} should have been {self.value!r}."

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints; `value` is as Python holds it."""
        return {"id": self.id, "inputs": dict(self.inputs), "value": self.value, "at": self.at}


def canonical(inputs: Mapping[str, Any]) -> str:
    """JSON of inputs in the one spelling that is hashed and stored."""
    return json.dumps(inputs, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def content_id(text: str) -> str:
    """The id of an example with this canonical JSON: BLAKE2b, 128 bits, in hexadecimal."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()

"""What a store takes and gives back, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Correction",
    "Counts",
    "Released",
    "Row",
    "Served",
    "StoredCue",
    "StoredExample",
    "StoredFeedback",
    "StoredLabel",
    "StoredModel",
    "StoredPrediction",
    "StoredRelease",
    "StoredRun",
    "StoredVotes",
    "Tally",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One example to store, perhaps with a label.

    Attributes:
        id: The content id of `inputs`.
        inputs: Canonical JSON.
        extra: A JSON object, or None.
        split: "train", "test" or None.
        label: JSON, or None where the example has no label.
        blobs: Id -> bytes of what `inputs` refers to.
    """

    id: str
    inputs: str
    extra: str | None = None
    split: str | None = None
    label: str | None = None
    blobs: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """What a batch of rows changed.

    Attributes:
        examples: Examples that were new.
        labels: Labels that were new.
        duplicates: Rows that brought neither.
        kept: Rows whose example was there already, and keeps another split than the row has.
    """

    examples: int
    labels: int
    duplicates: int
    kept: int


@dataclass(frozen=True)
class StoredExample:
    """An example as the store holds it; images in `inputs` are `{"blob": id}`."""

    seq: int
    id: str
    inputs: dict[str, Any]
    extra: dict[str, Any]
    split: str | None


@dataclass(frozen=True)
class StoredLabel:
    """A label as the store holds it; `value` is JSON, loaded; `at` is seconds since 1970, UTC."""

    seq: int
    example_id: str
    value: Any
    source: str
    by: str
    at: float


@dataclass(frozen=True)
class StoredCue:
    """What somebody said of a cue: `cue` is JSON, loaded; `verdict` is "true" or "false"; `at` is seconds since 1970, UTC."""

    cue: dict[str, Any]
    label: str
    verdict: str
    at: float


@dataclass(frozen=True)
class Counts:
    """How much a task has.

    Attributes:
        examples, labeled, unlabeled: Examples; `labeled` have at least one label.
        labels: Source -> labels that count, see `Store.labels`.
        last_example_seq, last_label_seq: The newest, or 0.
    """

    examples: int
    labeled: int
    unlabeled: int
    labels: dict[str, int]
    last_example_seq: int
    last_label_seq: int


@dataclass(frozen=True)
class StoredVotes:
    """What one labeling function said of the examples up to `upto_seq`."""

    function: str
    fingerprint: str
    upto_seq: int
    data: bytes


@dataclass(frozen=True)
class StoredRun:
    """One training run; `record` is what its writer put there."""

    id: str
    task: str
    at: float
    status: str
    record: dict[str, Any]


@dataclass(frozen=True)
class StoredModel:
    """Where a trained model lies, what it was trained for, and the SHA-256 and the size in bytes of its files."""

    id: str
    task: str
    run: str | None
    signature: str
    folder: str
    sha256: str
    bytes: int
    at: float


@dataclass(frozen=True)
class StoredRelease:
    """A release, live or not."""

    version: int
    model: str
    at: float
    note: str


@dataclass(frozen=True)
class Released:
    """The live release of a task, with the folder and the signature of its model; None where the store has no such model."""

    version: int
    model: str
    at: float
    folder: str | None
    signature: str | None


@dataclass(frozen=True, slots=True)
class Served:
    """One prediction to log.

    Attributes:
        id: 32 hexadecimal digits, used once.
        task: The name of the task.
        release: The version that answered, or None.
        inputs: Canonical JSON.
        value: JSON.
        confidence: From 0 to 1, or None.
        at: Seconds since 1970, UTC.
        blobs: Id -> bytes of what `inputs` refers to.
    """

    id: str
    task: str
    release: int | None
    inputs: str
    value: str
    confidence: float | None
    at: float
    blobs: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said of a logged prediction, to be stored as an event, and as a label of its example.

    Attributes:
        prediction: The id of the prediction.
        task: The name of its task.
        example: The content id of its inputs.
        inputs: Its inputs, canonical JSON.
        value: JSON.
        at: Seconds since 1970, UTC.
        by: Who said so; "" is not known.
    """

    prediction: str
    task: str
    example: str
    inputs: str
    value: str
    at: float
    by: str = ""


@dataclass(frozen=True)
class StoredPrediction:
    """A prediction as it was logged; `inputs` is canonical JSON, `value` is JSON, loaded."""

    seq: int
    id: str
    task: str
    release: int | None
    inputs: str
    value: Any
    confidence: float | None
    at: float


@dataclass(frozen=True)
class StoredFeedback:
    """One feedback event; `inputs` are those of the prediction, `inputs` and `value` are JSON, loaded."""

    seq: int
    prediction: str
    inputs: dict[str, Any]
    value: Any
    at: float

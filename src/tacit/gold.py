"""What people said of the examples of a task, brought to one target each, with how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.labels import common, consensus, heard
from tacit.project import Project
from tacit.store import StoredLabel, is_unnamed
from tacit.tasks import Task
from tacit.types import Category, MultiCategory, Number, SpanList

__all__ = ["Annotator", "Gold", "gold", "truth"]

_USERS = "feedback"
_USED, _TAUGHT = 0.8, 0.95
"""How often somebody is right of whom nothing is known: who labels to teach is trusted more than who uses the task."""

_WORTH = 10.0
"""For how many answers that counts; of what was imported nobody in particular can be measured."""

_SHARE = 0.1
_LEAST = 20.0
"""A user has at most this share of the weight of all other labels, or of so many labels; and once more as much for each answer
that can be compared with that of somebody who teaches. All whose name is not known are one user."""

_SURE = 0.5
"""From this weight on a label may be scored on."""


@dataclass(frozen=True)
class Annotator:
    """Somebody who labels, or gives feedback.

    Attributes:
        name: Who; "" is everybody whose name is not known.
        source: "human", "import", "feedback", ...
        labels: How many labels of theirs count.
        met: Of how many of these examples somebody else said something too.
        reliability: How often they are right, as the others tell; without others, as is usual.
        weight: What a label weighs that is theirs alone, 0 to 1.
    """

    name: str
    source: str
    labels: int
    met: int
    reliability: float
    weight: float


@dataclass(frozen=True)
class Gold:
    """The labeled examples.

    Attributes:
        ids: Their ids.
        target: (n, n_classes) float64 shares that sum to 1; for numbers (n,) float64.
        weight: (n,) float64, 0 to 1: how far the labels are to be trusted. Those of no weight at all are left out.
        annotators: Who labeled.
    """

    ids: tuple[str, ...]
    target: NDArray[np.float64]
    weight: NDArray[np.float64]
    annotators: tuple[Annotator, ...]

    @property
    def sure(self) -> NDArray[np.bool_]:
        """(n,) which are trusted enough to be scored on."""
        return self.weight >= _SURE

    @property
    def trusted(self) -> dict[str, NDArray[np.float64]]:
        """Id -> target, of those."""
        return {self.ids[i]: self.target[i] for i in np.flatnonzero(self.sure).tolist()}


def gold(project: Project, task: Task[..., Any], *, upto: int | None = None) -> Gold:
    """What the labels of a task come to.

    What people say of an example (labels with a `by`, by hand) overrules labels of nobody in particular, as imported ones are. Of
    several answers the more reliable ones count more: how often each person is right is estimated from the others. Feedback is heard
    with all of these; a user whom nobody can be compared with has a small share of the say.

    Arguments:
        upto: Only labels given until then, as the store numbers them.
    """
    counted = _counted(project, task, upto)
    said = _by_example(counted)
    ids, target = consensus(said, task.signature.output, task=task.name)
    if not ids:
        return Gold((), target, np.ones(0), ())
    output = task.signature.output
    return _weighed(ids, target, counted, output) if isinstance(output, Category) else _averaged(ids, target, counted)


def truth(project: Project, task: Task[..., Any], *, upto: int | None = None) -> dict[str, Any]:
    """What labels say of each example: a class, a number, (n_classes,) 0 or 1 of a set, marks of spans.

    Of several labels of a set or of spans, a class or a span counts that more than half of them have; how reliable people are is
    not estimated there.
    """
    output = task.signature.output
    if isinstance(output, Category | Number):
        found = gold(project, task, upto=upto).trusted
        return {i: int(t.argmax()) if isinstance(output, Category) else float(t) for i, t in found.items()}
    assert isinstance(output, MultiCategory | SpanList)
    return common(_by_example(_counted(project, task, upto)), output, task=task.name)


def _counted(project: Project, task: Task[..., Any], upto: int | None) -> list[StoredLabel]:
    """The labels that have a say: what people say of an example overrules labels of nobody in particular."""
    labels = project.store.labels(task.name, upto=upto)
    if not isinstance(task.signature.output, Category):
        # How far somebody's answers are off is not estimated: what users say counts where nobody else said anything.
        taught = {label.example_id for label in labels if label.source != _USERS}
        labels = [label for label in labels if label.source != _USERS or label.example_id not in taught]
    by_hand = {label.example_id for label in labels if label.by and label.source != _USERS}
    return [label for label in labels if label.by or label.example_id not in by_hand]


def _by_example(labels: Sequence[StoredLabel]) -> dict[str, list[Any]]:
    said: dict[str, list[Any]] = {}
    for label in labels:
        said.setdefault(label.example_id, []).append(label.value)
    return said


def _weighed(ids: Sequence[str], target: NDArray[np.float64], labels: Sequence[StoredLabel], output: Category) -> Gold:
    place = {example: row for row, example in enumerate(ids)}
    people: dict[tuple[str, str], int] = {}
    who = np.array([people.setdefault(_who(label), len(people)) for label in labels])
    rows = np.array([place[label.example_id] for label in labels])
    classes: dict[tuple[type, Any], int] = {}
    for label in labels:
        key = (type(label.value), label.value)
        if key not in classes:
            classes[key] = output.index(output.parse(label.value))
    answers = np.array([classes[type(label.value), label.value] for label in labels])
    k = len(output.classes)
    usual = np.array([_USED if source == _USERS else _TAUGHT for _, source in people])
    # Users are measured against those who teach, and not these against users: one who lies must not spoil what they said.
    teaches, named = np.array([source != _USERS for _, source in people]), np.array([bool(name) for name, _ in people])
    theirs = teaches[who]
    taught = heard(rows[theirs], who[theirs], answers[theirs], k, usual, np.where(named, _WORTH, np.inf)).reliabilities
    found = heard(rows, who, answers, k, np.where(teaches, taught, usual), np.where(teaches, np.inf, _WORTH))
    by_teachers = np.zeros(len(ids), dtype=np.bool_)
    by_teachers[rows[theirs]] = True
    compared = np.bincount(who, by_teachers[rows] & ~theirs, len(people))
    say, counts = _say(people, who, compared), np.bincount(who, minlength=len(people))
    weight = _trust(found.probabilities.max(axis=1), k) * _most(len(ids), rows, say[who])
    agreed = target.max(axis=1) >= 1 - 1e-9
    kept = np.flatnonzero(weight > 0)
    share = _trust(found.reliabilities, k) * say
    annotators = tuple(
        Annotator(name, source, int(counts[i]), int(found.met[i]), float(found.reliabilities[i]), float(share[i]))
        for (name, source), i in people.items()
    )
    settled = np.where(agreed[:, None], target, found.probabilities)
    return Gold(tuple(ids[i] for i in kept.tolist()), settled[kept], weight[kept], annotators)


def _who(label: StoredLabel) -> tuple[str, str]:
    return ("" if is_unnamed(label.by) else label.by, label.source)


def _trust(right: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """What is right so often weighs so much: 0 for a guess, 1 for what somebody says who teaches."""
    return np.clip(np.round((right - 1 / k) / (_TAUGHT - 1 / k), 9), 0.0, 1.0)


def _say(people: Mapping[tuple[str, str], int], who: NDArray[np.int64], compared: NDArray[Any]) -> NDArray[np.float64]:
    """(n_people,) the factor of their labels: below 1 for a user who says much more than can be compared with those who teach.

    Arguments:
        compared: (n_people,) how many answers of each user are to examples that somebody labeled to teach.
    """
    counts = np.bincount(who, minlength=len(people))
    most = np.maximum(_LEAST, _SHARE * (len(who) - counts)) * (1 + compared)
    user = np.array([source == _USERS for _, source in people])
    return np.where(user, np.minimum(1.0, most / counts), 1.0)


def _most(n: int, rows: NDArray[np.int64], say: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) of each example, the factor of the one who is heard best on it."""
    most = np.zeros(n)
    np.maximum.at(most, rows, say)
    return most


def _averaged(ids: Sequence[str], target: NDArray[np.float64], labels: Sequence[StoredLabel]) -> Gold:
    """Numbers: all users together have a small share of the say."""
    place = {example: row for row, example in enumerate(ids)}
    by_users = np.zeros(len(ids), dtype=np.bool_)
    by_users[[place[label.example_id] for label in labels if label.source == _USERS]] = True
    share = max(_LEAST, _SHARE * float((~by_users).sum())) / max(1.0, float(by_users.sum()))
    return Gold(tuple(ids), target, np.where(by_users, min(1.0, share), 1.0), ())

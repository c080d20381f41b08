"""tacit: functions you can show but not write.

    from typing import Literal
    from tacit import Text, task

    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        "Is this review glad or sad?"

Importing this loads the words only (types, tasks, errors); each verb loads what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tacit.errors import TacitError
from tacit.examples import Example, Feedback, Label, Prediction
from tacit.tasks import Task, on_call, task
from tacit.types import Between, Character, Id, Image, Precision, Span, Text, Vector, Word

if TYPE_CHECKING:
    from tacit import labels, learners, metrics, planted, published, selection
    from tacit.adding import add, label
    from tacit.auditing import audit
    from tacit.benchmarking import Benchmark, bench
    from tacit.checkups import Checkup, doctor
    from tacit.choosing import select
    from tacit.collecting import Added
    from tacit.condensing import coreset
    from tacit.countering import counterexamples
    from tacit.cues import Association
    from tacit.evaluating import evaluate
    from tacit.events import feedback, feedbacks
    from tacit.findings import Audit
    from tacit.hinting import Hints, hints
    from tacit.planted import Planted
    from tacit.planting import plant
    from tacit.predicting import predict
    from tacit.progress import watch
    from tacit.project import Project, open
    from tacit.releases import Release, release, rollback
    from tacit.reports import Report
    from tacit.runs import Run
    from tacit.scaffold import Made, new
    from tacit.selections import Selection
    from tacit.simulating import simulate
    from tacit.simulations import Simulation
    from tacit.training import choices, train
    from tacit.voting import Votes, votes

__all__ = [
    "Added",
    "Association",
    "Audit",
    "Benchmark",
    "Between",
    "Character",
    "Checkup",
    "Example",
    "Feedback",
    "Hints",
    "Id",
    "Image",
    "Label",
    "Made",
    "Planted",
    "Precision",
    "Prediction",
    "Project",
    "Release",
    "Report",
    "Run",
    "Selection",
    "Simulation",
    "Span",
    "TacitError",
    "Task",
    "Text",
    "Vector",
    "Votes",
    "Word",
    "add",
    "audit",
    "bench",
    "choices",
    "coreset",
    "counterexamples",
    "doctor",
    "evaluate",
    "feedback",
    "feedbacks",
    "hints",
    "label",
    "labels",
    "learners",
    "metrics",
    "new",
    "open",
    "plant",
    "planted",
    "predict",
    "published",
    "release",
    "rollback",
    "select",
    "selection",
    "simulate",
    "task",
    "train",
    "votes",
    "watch",
]

__version__ = "0.1.0"

# Where each name that is loaded at first use lives.
_HOMES = {
    "Added": "collecting",
    "Association": "cues",
    "Audit": "findings",
    "Benchmark": "benchmarking",
    "Checkup": "checkups",
    "Hints": "hinting",
    "Made": "scaffold",
    "Planted": "planted",
    "Project": "project",
    "Release": "releases",
    "Report": "reports",
    "Run": "runs",
    "Selection": "selections",
    "Simulation": "simulations",
    "Votes": "voting",
    "add": "adding",
    "audit": "auditing",
    "bench": "benchmarking",
    "choices": "training",
    "coreset": "condensing",
    "counterexamples": "countering",
    "doctor": "checkups",
    "evaluate": "evaluating",
    "feedback": "events",
    "feedbacks": "events",
    "hints": "hinting",
    "label": "adding",
    "new": "scaffold",
    "open": "project",
    "plant": "planting",
    "predict": "predicting",
    "release": "releases",
    "rollback": "releases",
    "select": "choosing",
    "simulate": "simulating",
    "train": "training",
    "votes": "voting",
    "watch": "progress",
}
_MODULES = ("labels", "learners", "metrics", "planted", "published", "selection")


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(f"tacit.{_HOMES[name]}"), name)
    elif name in _MODULES:
        value = import_module(f"tacit.{name}")
    else:
        raise AttributeError(f"module 'tacit' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))


def _answer(asked: Task[..., Any], inputs: dict[str, Any]) -> Any:
    from tacit.predicting import answer

    return answer(asked, inputs)


on_call(_answer)

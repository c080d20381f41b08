"""Work that takes longer than a page may: done beside the requests, and kept until something changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tacit.errors import TacitError
from tacit.project import Project
from tacit.tasks import Task

__all__ = ["Beside", "Made"]

T = TypeVar("T")

_turn = threading.Lock()
"""One at a time, whatever it is: the processors belong to those who ask for answers."""


@dataclass
class Made(Generic[T]):
    """A result that is there, is being made, or cannot be made.

    Attributes:
        done: Set when it is one of the other two.
        result: The result.
        error: Why there is none.
    """

    done: threading.Event = field(default_factory=threading.Event)
    result: T | None = None
    error: TacitError | None = None


class Beside(Generic[T]):
    """The newest result of each task of a project.

    Arguments:
        project: The project.
        make: Makes it.
        next: What to type instead where it breaks, with a place for the task.
    """

    def __init__(self, project: Project, make: Callable[[Project, Task[..., Any]], T], next: str) -> None:
        self._project, self._make, self._next = project, make, next
        self._kept: dict[str, tuple[tuple[Any, ...], Made[T]]] = {}
        self._lock = threading.Lock()

    def of(self, task: Task[..., Any], *, wait: float) -> Made[T]:
        """What there is of the live release of a task, which has to have one; begun now if it is not there yet.

        Arguments:
            wait: How many seconds to wait for it.
        """
        store = self._project.store
        live, counts = store.live(task.name), store.count(task.name)
        key = (live, counts.last_example_seq, counts.last_label_seq, counts.examples)
        with self._lock:
            known, made = self._kept.get(task.name, (None, Made[T]()))
            if known != key:
                made = Made[T]()
                self._kept[task.name] = key, made
                threading.Thread(target=self._work, args=(task, made), daemon=True, name=f"beside {task.name}").start()
        made.done.wait(wait)
        return made

    def _work(self, task: Task[..., Any], made: Made[T]) -> None:
        with _turn:
            try:
                made.result = self._make(self._project, task)
            except TacitError as error:
                made.error = error
            except Exception as broken:
                made.error = TacitError(
                    f"{task.name} broke it ({type(broken).__name__}: {broken})", next=self._next.format(task.name)
                )
            finally:
                made.done.set()

"""What a compliant MLPerf log has, as data, and the functions that look for it.

Source of the rules: MLPerf Training rules of v0.6 and v0.7, and the checks of mlcommons/logging. None of them changes a time; a log
that breaks one is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeGuard

from tacit.published.lines import Event

__all__ = ["KEYS", "breaches"]

Told = Mapping[str, Sequence[Event]]
Breach = tuple[str, str]

ONCE = ("submission_org", "submission_platform", "submission_division", "submission_status", "submission_benchmark")
"""Exactly one value each."""

THERE = ("cache_clear", "init_start", "init_stop", "run_start", "run_stop")
"""At least one line each."""

ALLOWED = {"submission_division": ("closed", "open"), "submission_status": ("cloud", "onprem", "research")}
"""The values that a key may have."""

BEFORE = (("cache_clear", "init_start"), ("init_start", "init_stop"), ("init_stop", "run_start"), ("run_start", "run_stop"))
"""The first of one key is not after the last of the other."""

PAIRED = (("block_start", "block_stop", "first_epoch_num"), ("epoch_start", "epoch_stop", "epoch_num"))
"""Each start has its stop, by a number in the metadata."""

POSITIVE = ("global_batch_size", "opt_base_learning_rate")
"""One value each, above 0."""

MATCHING = {"lars": ("lars_epsilon", "lars_opt_weight_decay"), "sgd": ("opt_base_learning_rate",)}
"""What an optimizer has to state."""

UNTIMED = {"v0.6": {"closed": 20, "open": 20}, "v0.7+": {"closed": 30, "open": 240}}
"""Minutes from init_start to init_stop, at most, by suite and division."""


KEYS = frozenset(
    {*ONCE, *THERE, *POSITIVE, *MATCHING["lars"], "opt_name", "eval_accuracy", "eval_stop"}
    | {key for start, stop, _ in PAIRED for key in (start, stop)}
)
"""All that a rule is about."""


def breaches(told: Told, suite: str, *, minigo: bool = False) -> list[Breach]:
    """The rules that a log breaks: what is wrong, and what mends it.

    Arguments:
        told: The events of each key, by time.
        suite: "v0.6" or "v0.7+".
        minigo: It needs no run_stop: it ends with an eval_result.
    """
    there = tuple(key for key in THERE if not (minigo and key == "run_stop"))
    return [*_said(told, there), *_ordered(told, suite), *_epochs(told), *_settings(told)]


def _said(told: Told, there: Sequence[str]) -> Iterator[Breach]:
    for key in (*ONCE, *there):
        if key not in told:
            yield f"{key} is missing", f"log {key}"
    for key in ONCE:
        values = {repr(said.value) for said in told.get(key, ())}
        if len(values) > 1:
            yield f"{key} has {len(values)} values", "log one"
    for key, allowed in ALLOWED.items():
        for said in told.get(key, ())[:1]:
            if str(said.value).lower() not in allowed:
                yield f"{key} is none of {', '.join(allowed)}", "log one of these"


def _ordered(told: Told, suite: str) -> Iterator[Breach]:
    timed = {key: [said.time for said in alike if said.time > 0] for key, alike in told.items()}
    for first, second in BEFORE:
        if timed.get(first) and timed.get(second) and timed[first][0] > timed[second][-1]:
            yield f"{first} is after {second}", f"log {first} first"
    if timed.get("init_start") and timed.get("init_stop"):
        division = [str(said.value).lower() for said in told.get("submission_division", ())[:1]]
        most = UNTIMED.get(suite, UNTIMED["v0.7+"]).get(division[0] if division else "closed", 30)
        minutes = (timed["init_stop"][-1] - timed["init_start"][0]) / 60
        if minutes > most:
            yield f"its untimed start took {minutes:.0f} minutes", f"start within {most}"


def _epochs(told: Told) -> Iterator[Breach]:
    for start, stop, number in PAIRED:
        opened, closed = _numbers(told, start, number), _numbers(told, stop, number)
        missing = (opened ^ closed) - {max(opened, default=None)}  # the run may stop within the last
        if missing:
            yield f"{start} and {stop} do not pair: {min(missing):g}", f"log both, with {number}"
    epochs = sorted(_numbers(told, "epoch_start", "epoch_num"))
    gaps = [a for a, b in pairwise(epochs) if b != a + 1]
    if epochs and epochs[0] not in (0, 1):
        yield f"its first epoch is {epochs[0]:g}", "log each epoch, from 1"
    if gaps:
        yield f"its epochs have a gap after {gaps[0]:g}", "log each epoch"
    silent = _numbers(told, "eval_stop", "epoch_num") - _numbers(told, "eval_accuracy", "epoch_num")
    if silent and "eval_accuracy" in told:
        yield f"the evaluation of epoch {min(silent):g} has no eval_accuracy", "log eval_accuracy with epoch_num"
    if "eval_accuracy" not in told:
        yield "it has no eval_accuracy", "log eval_accuracy with epoch_num"


def _numbers(told: Told, key: str, number: str) -> set[float]:
    found = [said.metadata.get(number) for said in told.get(key, ())]
    return {n for n in found if _sound(n)}


def _sound(value: object) -> TypeGuard[float]:
    """Whether a value is a number that can be one of epochs, or a setting."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _settings(told: Told) -> Iterator[Breach]:
    for key in POSITIVE:
        values = {said.value for said in told.get(key, ()) if _sound(said.value)}
        if len(values) > 1:
            yield f"{key} has {len(values)} values", "log one"
        elif values and min(values) <= 0:
            yield f"{key} is {min(values):g}", "it is above 0"
    for said in told.get("opt_name", ())[:1]:
        for key in MATCHING.get(str(said.value).lower(), ()):
            if key not in told:
                yield f"{key} is missing, which {str(said.value).lower()} has", f"log {key}"

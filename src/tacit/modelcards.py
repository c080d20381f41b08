"""A model card: what a model is for, what it was learned from, whom it fails and how to make it again, on one page for others."""

from __future__ import annotations

import datetime as dt
import html
import math
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tacit.cues import cue_of
from tacit.findings import Audit
from tacit.project import Project
from tacit.runs import Run
from tacit.tables import number
from tacit.tasks import Task

__all__ = ["ModelCard", "Section", "escaped", "model_card"]

_GROUPS = 40
"""Groups on the card; `tacit audit --json` has all."""

_TOLD = {"": "no more than chance", "too few": "too few rows to say"}

_SHORTEST = 10
"""Seconds: a budget in which training is sure to come to something."""

_SPECIAL = re.compile(r"[\\`*_\[\]|~]|^[#+\-=>]")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
"""What is markup in the midst of a line or at its start, and what begins a list there."""


@dataclass(frozen=True)
class Section:
    """A part of a card; one that has nothing to say is left out of it.

    Attributes:
        title: Its heading.
        lines: Sentences.
        code: What is to be read letter by letter, or empty.
        head, rows: A table, or empty.
    """

    title: str
    lines: tuple[str, ...] = ()
    code: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class ModelCard:
    """What others should know of a model (Mitchell et al., "Model cards for model reporting", FAT* 2019).

    Attributes:
        title: Its heading.
        sections: None of them is empty.
    """

    title: str
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """The card as Markdown in which nothing that rows, people or tasks say is markup."""
        parts = [f"# {escaped(self.title)}"]
        for section in self.sections:
            parts.append(f"## {escaped(section.title)}")
            parts += [escaped(line) for line in section.lines]
            if section.code:
                fence = "`" * max(3, 1 + max(map(len, re.findall("`+", section.code)), default=0))
                parts.append(f"{fence}\n{section.code}\n{fence}")
            if section.rows:
                cells = [section.head, tuple("---" for _ in section.head), *section.rows]
                lines = [[*map(escaped, row)] if i != 1 else list(row) for i, row in enumerate(cells)]
                parts.append("\n".join(f"| {' | '.join(row)} |" for row in lines))
        return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """A text as Markdown shows it on one line, letter by letter.

    Example:
        >>> escaped("<b>*1*</b> a_b")
        '&lt;b&gt;\\\\*1\\\\*&lt;/b&gt; a\\\\_b'
    """
    line = _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", " ".join(text.split())))
    return html.escape(line, quote=False)


def model_card(project: Project, task: Task[..., Any], found: Audit, model: str | None = None) -> ModelCard:
    """The card of a model that was audited.

    Arguments:
        project, task: Whose model.
        found: Its audit.
        model: Its id, as the audit was asked for it; None is the live release.

    Raises:
        StoreError: The store cannot be read.
    """
    live = project.store.live(task.name)
    id = model or (live.model if live is not None else "")
    stored = project.store.run(id)
    run = None if stored is None else Run.from_dict(stored.record)
    sections = (
        _purpose(task, found),
        _learned(run, None if stored is None else stored.at),
        _score(run, found),
        _groups(found),
        _cues(project, task, found),
        _labels(found),
        _limits(run, found),
        _again(task, run),
    )
    kept = (s for s in sections if s.lines or s.code or s.rows)
    return ModelCard(f"Model card of {task.name}", tuple(kept))


def _purpose(task: Task[..., Any], found: Audit) -> Section:
    lines = [task.question] if task.question.strip() else []
    return Section("What it answers", (*lines, f"The model is {found.model}."), f"{task.name}{task.signature}")


def _learned(run: Run | None, at: float | None) -> Section:
    if run is None or at is None:
        return Section("What it was learned from")
    day = dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
    gold, voted = run.labels["gold"], run.labels["voted"]
    lines = [
        f"{gold:,} labeled examples"
        + (f" and {voted:,} that labeling functions voted on" if voted else "")
        + f", on {day}, by {run.learner}"
        + ("." if run.rows >= gold + voted else f", fitted on {run.rows:,} of them.")
    ]
    if run.objective != "average":
        lines.append(f"The objective was {run.objective}.")
    if run.groups or run.time:
        whole = f"no {run.groups} was both learned from and scored on" if run.groups else ""
        later = f"the newest by {run.time} were scored on" if run.time else ""
        lines.append("; ".join(part for part in (whole, later) if part).capitalize() + ".")
    return Section("What it was learned from", tuple(lines))


def _score(run: Run | None, found: Audit) -> Section:
    head = ("rows", "metric", "score", "95 %")
    rows, lines = [], []
    if run is not None:
        what, worst = "kept apart by training", run.worst
        if worst is not None:
            what = f"the worst of {worst['of']} groups, {worst['group']}, {worst['n']:,}"
            lines.append(f"Of a group of few rows the score is drawn towards that of all rows, {number(worst['whole'])}.")
        rows.append((what, run.metric, *_value(run.score, run.interval)))
        lines.append(f"Always the same answer would score {number(run.baseline)}.")
        if run.ece is not None:
            lines.append(f"Confidence is {number(run.ece)} from accuracy on the mean (expected calibration error).")
    if found.measured is not None:
        whole = found.measured.scores.whole
        rows.append((f"{found.measured.told}, {found.measured.scores.n:,}", whole.name, *_value(whole.value, whole.interval)))
    return Section("How good it is", tuple(lines), head=head, rows=tuple(rows))


def _groups(found: Audit) -> Section:
    if found.measured is None or not found.groups:
        return Section("Whom it fails")
    order = found.measured.scores.ranked
    rows = tuple((g.name, f"{g.n:,}", *_value(g.value, g.interval), _TOLD.get(g.told, g.told)) for g in order[:_GROUPS])
    lines = [found.worst.said + "." if found.worst is not None else "No group is worse off than the others by more than chance."]
    if len(order) > _GROUPS:
        lines.append(f"{len(order) - _GROUPS:,} more groups are not shown.")
    return Section("Whom it fails", tuple(lines), head=("group", "rows", "score", "95 %", "to the others"), rows=rows)


def _cues(project: Project, task: Task[..., Any], found: Audit) -> Section:
    """What people said of cues, with what the audit found of each; and what nobody has judged yet."""
    now = {(a.cue, a.label): a for a in found.associations}
    said = {(cue_of(judged.cue), judged.label): judged.verdict for judged in project.store.cues(task.name)}
    rows = [(str(key[0]), key[1], f"a {verdict} cue", _reliance(now.get(key))) for key, verdict in said.items()]
    rows += [
        (str(a.cue), a.label, "nobody said yet", _reliance(a)) for key, a in now.items() if key not in said and a.significant
    ]
    rows.sort(key=lambda row: ("a false cue", "nobody said yet", "a true cue").index(row[2]))
    head = ("cue", "speaks for", "people say", "the probability falls by, without it")
    return Section("What it leans on", head=head if rows else (), rows=tuple(rows))


def _reliance(association: Any) -> str:
    if association is None:
        return "the audit does not find it"
    low, high = association.interval
    return f"{association.reliance:.3f} ({low:.3f} to {high:.3f})"


def _labels(found: Audit) -> Section:
    lines = []
    if found.label_errors:
        lines.append("Labels are doubtful where models that did not see the row, and the rows around it, say another class.")
    if found.leaks:
        n = len(found.leaks)
        lines.append(f"{n:,} test row{'s repeat' if n > 1 else ' repeats'} what is learned from, so that the score is too good.")
    if found.repeated:
        lines.append(f"{sum(map(len, found.repeated)):,} rows are equal or nearly so, in {len(found.repeated):,} sets.")
    return Section("What is doubtful in the data", tuple(lines))


def _limits(run: Run | None, found: Audit) -> Section:
    lines: list[str] = []
    few = sum(g.needed is not None for g in found.groups)
    if found.measured is None:
        lines.append("It was not measured on rows of its own.")
    elif not found.groups:
        lines.append("It was not measured by group, so nobody knows whom it fails.")
    if few:
        lines.append(f"{few:,} group{'s are' if few > 1 else ' is'} too small to say how well it does there.")
    if found.measured is not None and "kept apart" in found.measured.told:
        lines.append("There are no test rows: it was measured on rows by which it was also chosen.")
    lines += dict.fromkeys([*found.notes, *(run.notes if run is not None else ())])
    return Section("Known limits", tuple(lines))


def _again(task: Task[..., Any], run: Run | None) -> Section:
    if run is None:
        return Section("How to repeat it")
    options = {
        "--metric": run.metric,
        "--objective": run.objective,
        "--learners": ",".join(_tried(run)),
        "--groups": run.groups,
        "--time": run.time,
        "--seed": run.seed,
        "--budget": max(_SHORTEST, math.ceil(run.seconds)),
    }
    said = [part for name, value in options.items() if value is not None for part in (name, str(value))]
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    cost = "" if run.cost is None else f", {run.cost:.5f} USD"
    lines = (
        f"Run {run.id}, {run.seconds:.0f} s{cost}; the examples, targets and weights have the hash {run.data}.",
        f"Machine: {_machine(run)}. Versions: {versions}.",
        "On the same store tacit.training.repeat(task, run) fits the same model again; the line below trains anew.",
    )
    return Section("How to repeat it", lines, shlex.join(["tacit", "train", task.name, *said]))


def _tried(run: Run) -> list[str]:
    """The learners that a run had a try with; "ensemble" says that several may be put together, and each run ends with one of its own."""
    learners = [trial["learner"] for trial in run.trials if trial["learner"] != "ensemble"]
    return list(dict.fromkeys([*learners, *(["ensemble"] if run.learner == "ensemble" else [])]))


def _machine(run: Run) -> str:
    return ", ".join(f"{name} {value}" for name, value in run.machine.items() if value is not None)


def _value(value: float, interval: Sequence[float]) -> tuple[str, str]:
    return f"{value:,.3f}", f"{interval[0]:,.3f} to {interval[1]:,.3f}"

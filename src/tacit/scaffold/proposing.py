"""Column -> what it is to the task: an input of some type, the label, kept beside the inputs, or left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tacit.errors import quote
from tacit.scaffold.naming import fields_for
from tacit.scaffold.profiles import Profile, Table
from tacit.types import Category, ImageKind, Key, Kind, Maybe, Number, TextKind

__all__ = ["MOST_CLASSES", "Proposal", "label_kind", "likely_labels", "propose"]

MOST_CLASSES = 200
"""The most classes of a label that are written into a task file."""

_FEW = 30  # values of an input that is a category
_LONG = 50  # characters of such a value
_DIGITS = 10  # values of a whole-numbered label that is a category
_SURE = 20  # rows from which on "differs in every row" says something
_LABELS = re.compile(r"(^|_)(label|target|class|y|outcome|category|result|response|churn|default|survived|sentiment)s?$")
_ID = re.compile(r"(^|[\W_])(id|ids|uuid|guid|ID|UUID)$|[a-z](Id|ID)$", re.ASCII)
_SPLIT = re.compile(r"(^|_)(split|fold|partition|subset)$")
_PROSE = 3  # words of a text, on average


@dataclass(frozen=True)
class Proposal:
    """What becomes of one column.

    Attributes:
        column: What the file calls it.
        field: What the task calls it; a name that Python takes.
        role: "input", "label", "keep" (stored beside the inputs, for audits) or "leave".
        kind: Its type; None where it is left out.
        why: The reason, in a few words that hold nothing that could end a line.
        examples: A few of its values, as a message shows them.
    """

    column: str
    field: str
    role: Literal["input", "label", "keep", "leave"]
    kind: Kind | None
    why: str
    examples: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        kind = None if self.kind is None else str(self.kind)
        return {"column": self.column, "field": self.field, "role": self.role, "type": kind, "why": self.why}


def propose(table: Table, label: str) -> tuple[Proposal, ...]:
    """What becomes of each column, when `label` is the one of labels, which `label_kind` takes."""
    fields = fields_for([p.name for p in table.columns])
    made = [_proposal(p, fields[p.name], label) for p in table.columns]
    keys = {p.column for p, q in zip(made, table.columns, strict=True) if p.role == "keep" and _is_id(q)}
    again = {p.name for p in table.columns if p.name in keys and p.repeated}
    others = sum(p.role == "input" for p in made)
    if len(again) > 1 and others < 2:
        # A log: who did what, say which user gave which film how many stars. There the keys are the question.
        return tuple(
            replace(p, role="input", kind=_key(p), why="a key that comes again") if p.column in again else p for p in made
        )
    if not others:
        return tuple(replace(p, role="input", why="there is no other input") if p.column in keys else p for p in made)
    return tuple(made)


def _key(p: Proposal) -> Kind:
    return Maybe(Key()) if isinstance(p.kind, Maybe) else Key()


def _proposal(p: Profile, field: str, label: str) -> Proposal:
    numeric = "float" in p.kinds and str in p.types  # a number in a CSV is text, and yet shown as one
    examples = tuple(str(v)[:24] if numeric else quote(_plain(v), length=24) for v, _ in p.counts.most_common(3))
    if p.name == label:
        kind, why = label_kind(p)
        return Proposal(p.name, field, "label", kind, why, examples)
    kind, why = _input_kind(p)
    if kind is None:
        return Proposal(p.name, field, "leave", None, why, examples)
    if p.gaps == 0 and len(p.counts) == 1 and not p.more:
        return Proposal(p.name, field, "leave", None, f"always {examples[0]}", examples)
    if _is_id(p):
        kind = _maybe(p, Key(), "int") if "int" in p.kinds else kind
        reason = "a key" if p.repeated else "another one in every row"
        return Proposal(p.name, field, "keep", kind, f"{reason}, which a model would learn by heart", examples)
    if _SPLIT.search(p.name.lower()) and isinstance(_bare(kind), Category | TextKind):
        return Proposal(p.name, field, "keep", kind, "how the rows were divided", examples)
    if _is_other_label(p.name, label):
        return Proposal(p.name, field, "keep", kind, "looks like another label, which would give the answer away", examples)
    return Proposal(p.name, field, "input", kind, why, examples)


def _bare(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, Maybe) else kind


def _input_kind(p: Profile) -> tuple[Kind | None, str]:
    """The type of a column, and why; None where it is nothing that a model learns from."""
    if not p.present:
        return None, "is empty"
    missing = f", {p.gaps:,} missing" if p.gaps else ""
    if p.images:
        return _maybe(p, ImageKind(), ""), ("paths of images" if str in p.types else "bytes of images") + missing
    for name, why in (
        ("bool", "true or false"),
        ("date", "ISO dates"),
        ("datetime", "ISO times"),
        ("vector", "lists of numbers"),
    ):
        if name in p.kinds:
            return _maybe(p, p.kinds[name], name), why + missing
    if "int" in p.kinds:
        if set(p.counts) in ({0, 1}, {"0", "1"}):
            return _maybe(p, _literal([0, 1]), ""), "0 or 1" + missing
        return _maybe(p, p.kinds["int"], "int"), "whole numbers" + missing
    if "float" in p.kinds:
        return _maybe(p, p.kinds["float"], "float"), "numbers" + missing
    if "text" not in p.kinds:
        nested = not p.types <= {str, int, float, bool, bytes}
        return None, "lists or records, which are no input" if nested else "neither text, numbers nor images"
    values = sorted({_text(v) for v in p.counts})
    if not p.more and 2 <= len(values) <= _FEW and p.longest <= _LONG and p.present >= 3 * len(values):
        return _maybe(p, _literal(values), ""), f"{len(values)} values" + missing
    mixed = len(p.types) > 1 or p.types != {str}
    prose = p.words >= _PROSE * p.looked and (p.longest > 2 * _LONG or 2 * p.looked > p.present)
    if prose and not mixed:
        return _maybe(p, TextKind(), "text"), "text that people wrote" + missing
    many = f"{p.looked:,} different values" if p.looked < p.remembered else "very many different values"
    return _maybe(p, TextKind("str"), "text"), ("numbers and text mixed" if mixed else many) + missing


def _maybe(p: Profile, kind: Kind, name: str) -> Kind:
    return Maybe(kind) if p.gaps or name in p.holes else kind


def label_kind(p: Profile) -> tuple[Kind | None, str]:
    """The type of a column as the label, and why; None with the reason where it can be none."""
    whole = "int" in p.kinds
    classes = [v for v, _ in p.counts.most_common() if not (whole and Number().missing(v))]
    if not p.present:
        return None, "is empty"
    if p.images or ("int" not in p.kinds and p.kinds.keys() & {"date", "datetime", "vector"}):
        return None, "holds no categories and no numbers"
    if len(classes) == 1 and not p.more:
        return None, f"is always {quote(_plain(classes[0]))}, so there is nothing to learn"
    if "bool" in p.kinds:
        return p.kinds["bool"], "true or false"
    if "int" in p.kinds and not p.more and len(classes) <= _DIGITS:
        return _literal(sorted(map(int, classes))), f"{len(classes)} classes"
    if "int" in p.kinds:
        return p.kinds["int"], "a whole number to estimate"
    if "float" in p.kinds and (p.more or len(classes) > 2):
        return p.kinds["float"], "a number to estimate"
    if "text" not in p.kinds:
        return None, "holds no categories and no numbers"
    texts = list(dict.fromkeys(map(_text, classes)))
    if p.more or len(texts) > MOST_CLASSES or len(texts) > max(20, p.present / 2):
        many = f"{len(texts):,}{' or more' if p.more else ''}"
        return None, f"holds {many} different texts, and a label is one of at most {MOST_CLASSES} or a number"
    return _literal(texts), f"{len(texts)} classes"


def likely_labels(table: Table) -> list[str]:
    """The columns that can be the label, most likely first: by their name, then categories, the last column first."""
    ranked = []
    for i, p in enumerate(table.columns):
        kind, _ = label_kind(p)
        if kind is not None and not _is_id(p) and not _SPLIT.search(p.name.lower()):
            last = i == len(table.columns) - 1
            ranked.append((not _LABELS.search(p.name.lower()), not last, not isinstance(kind, Category), -i, p.name))
    return [name for *_, name in sorted(ranked)]


def _is_id(p: Profile) -> bool:
    """Whether a column is a key: by its name, or since it is another one in every row."""
    if p.images or not p.kinds.keys() & {"int", "text"} or p.words > p.looked or p.kinds.keys() & {"bool", "date", "datetime"}:
        return False
    if "float" in p.kinds and "int" not in p.kinds:
        return False
    if _ID.search(p.name):
        return True
    differs = not p.repeated and not p.gaps and p.present >= _SURE and not p.holes
    if not differs or "int" not in p.kinds or p.name.lower().endswith("id"):
        return differs
    # Whole numbers may be all different by chance; a count of the rows has no holes either.
    return p.high - p.low == p.present - 1


def _is_other_label(name: str, label: str) -> bool:
    parts, stem = re.split(r"[\W_]+", name.lower()), label.lower().rstrip("s")
    return bool(set(parts) & {"label", "labels", "target"}) or (len(stem) > 3 and stem in {part.rstrip("s") for part in parts})


def _literal(values: Sequence[Any]) -> Category:
    return Category(tuple(values), f"Literal[{', '.join(map(repr, values))}]")


def _text(value: Any) -> str:
    """A value as `Category` looks it up."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _plain(value: Any) -> Any:
    """A value as a person would write it."""
    return value if isinstance(value, str | bool | int | float) else str(value)

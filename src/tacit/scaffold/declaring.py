"""The task file: types read off the data, the question, and examples of rules to write."""

from __future__ import annotations

from tacit.errors import quote
from tacit.scaffold import source
from tacit.scaffold.naming import GENERIC, words
from tacit.scaffold.plans import SHOWN, Plan, bare, kind_of
from tacit.scaffold.proposing import Proposal
from tacit.scaffold.templates import filled
from tacit.types import Category, Kind, Maybe, Number, TextKind, Unfit

__all__ = ["task_file"]


def task_file(plan: Plan) -> str:
    """The text of the task file."""
    label = kind_of(plan.label)
    named: list[str] = []  # types too long for the line of the function
    if plan.record:
        parameter = "row: Row"
    else:
        only = plan.inputs[0]
        parameter = f"{only.field}: {_one_line(kind_of(only), 'Given', len(f'def {plan.task}({only.field}: )'), named)}"
    answer = _one_line(label, "Answer", len(f"def {plan.task}({parameter}) -> :"), named)
    imports = source.imports([*(kind_of(p) for p in plan.inputs), label], record=plan.record)
    body = "".join(f"\n\n{alias}" for alias in named) + (f"\n\n\n{_row(plan)}" if plan.record else "")
    text = filled(
        "task.py",
        about=f"{plan.task}: learned from {plan.called}. Its types were read off {plan.rows:,} rows; change what you know better.",
        imports=imports + body,
        task=plan.task,
        parameter=parameter,
        answer=answer,
        question=_question(plan),
        examples=_rules(plan, parameter, answer),
    )
    return text.rstrip() + "\n"


def _one_line(kind: Kind, name: str, used: int, named: list[str]) -> str:
    """A kind as source of one line: what takes more is named above, and known by its name from there."""
    written = source.annotation(kind, used=used)
    if "\n" not in written:
        return written
    named.append(f"{name} = {source.annotation(kind, used=len(name) + 3)}")
    return name


def _row(plan: Plan) -> str:
    lines = ["@dataclass", "class Row:", f'    """One row of {plan.called}: what is known before the answer is."""', ""]
    for p in plan.inputs:
        used = 6 + len(p.field)
        written = source.annotation(kind_of(p), indent=4, used=used)
        first, _, rest = written.partition("\n")
        renamed = f"  # {quote(p.column)}" if p.column != p.field else ""
        lines.append(f"    {p.field}: {first}{renamed}" + (f"\n{rest}" if rest else ""))
    return "\n".join(lines + _others(plan, "    "))


def _others(plan: Plan, indent: str) -> list[str]:
    """Comments on the columns that are no inputs."""
    others = [p for p in plan.columns if p.role in ("keep", "leave")]
    if not others:
        return []
    lines = [f"{indent}# {'Kept' if p.role == 'keep' else 'Left out'}: {quote(p.column)}, {p.why}." for p in others[:SHOWN]]
    more = [f"{indent}# ... and {len(others) - SHOWN:,} more columns."] if len(others) > SHOWN else []
    return ["", *lines, *more]


def _question(plan: Plan) -> str:
    asked = words(plan.label.column) or "answer"
    asked = "class" if asked in GENERIC else asked
    thing = "row" if plan.record else words(plan.inputs[0].field) or "row"
    kind = kind_of(plan.label)
    if isinstance(kind, Number):
        return f"What is the {asked} of this {thing}?"
    if str(kind) == "bool":
        return f"Is {asked} true of this {thing}?"
    return f"Which value of {asked} fits this row?" if plan.record and asked != "class" else f"Which {asked} fits this {thing}?"


def _rules(plan: Plan, parameter: str, answer: str) -> str:
    """Commented examples of a labeling function and a slice, and for a single input what became of the other columns."""
    notes = [] if plan.record else _others(plan, "")
    found = next((c for p in sorted(plan.inputs, key=_telling) if (c := _condition(p, plan.record)) is not None), None)
    if found is None:
        return "\n".join(["", *notes, ""] if notes else [])
    label = kind_of(plan.label)
    lines = [
        "",
        *notes,
        "",
        "# A labeling function is a rule of thumb: it returns an answer, or None to abstain. A slice is a subset to watch.",
    ]
    if isinstance(label, Category):
        lines += [
            "#",
            f"# @{plan.task}.labeling_function",
            f"# def rule({parameter}) -> {answer} | None:",
            f"#     return {source.value(label.classes[0])} if {found} else None",
        ]
    lines += ["#", f"# @{plan.task}.slice", f"# def some({parameter}) -> bool:", f"#     return {found}"]
    return "\n".join([*lines, ""])


def _telling(p: Proposal) -> int:
    kind = bare(kind_of(p))
    return 0 if str(kind) == "Text" else 1 if isinstance(kind, Category) else 2 if isinstance(kind, Number) else 3


def _condition(p: Proposal, record: bool) -> str | None:
    """Something that holds for some rows, as Python source."""
    kind, name = bare(kind_of(p)), f"row.{p.field}" if record else p.field
    there = f"{name} is not None and " if isinstance(p.kind, Maybe) else ""
    if isinstance(kind, Category):
        return name if str(kind) == "bool" else f"{name} == {source.value(kind.classes[0])}"
    if isinstance(kind, Number):
        try:
            return f"{there}{name} > {kind.parse(p.examples[0].strip(chr(34)))}" if p.examples else None
        except Unfit:
            return None
    return f"{there}len({name}) < 40" if isinstance(kind, TextKind) else None

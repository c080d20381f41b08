"""A plan -> the files of a project, as text; nothing is written to disk here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tacit.scaffold import source
from tacit.scaffold.declaring import task_file
from tacit.scaffold.plans import ASKED, SHOWN, Content, Plan, asked, bare, commands, examples, kind_of, proposal_table
from tacit.scaffold.templates import filled
from tacit.types import Category, ImageKind

__all__ = ["project_files"]

_CUT = 200  # characters of a text in the test


def project_files(plan: Plan) -> dict[str, Content]:
    """The files of a project besides its data, path -> content."""
    shown, pictures = examples(plan)
    made: dict[str, Content] = {
        "pyproject.toml": filled("pyproject.toml"),
        ".gitignore": filled("gitignore"),
        "README.md": _readme(plan, shown),
        f"tasks/{plan.task}.py": task_file(plan),
        f"tests/test_{plan.task}.py": _test(plan, shown),
        **pictures,
    }
    if plan.by_script:
        made["add.py"] = _script(plan)
    if asked(plan, shown) is None:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in shown[:ASKED]]
        made["data/example.jsonl"] = "".join(lines)
    return made


def _test(plan: Plan, shown: Sequence[Mapping[str, Any]]) -> str:
    """The test file: the fullest and shortest row of the sample has to fit."""
    pictures = {p.field for p in plan.inputs if isinstance(bare(kind_of(p)), ImageKind)}
    written = {name: _test_value(v, name in pictures) for name, v in shown[0].items()} if shown else {}
    inputs = f'{{\n    "row": {source.dictionary(written, 4)},\n}}' if plan.record else source.dictionary(written)
    local = any(written_.startswith("str(") for written_ in written.values())
    imports = [
        *(["from pathlib import Path"] if local else []),
        "from typing import Any",
        "",
        f"from tasks.{plan.task} import {plan.task}",
    ]
    if local:
        imports += ["", "HERE = Path(__file__).parent.parent"]
    kind, output = kind_of(plan.label), f"{plan.task}.signature.output"
    answers = f'assert str({output}) == "{kind}"'
    if isinstance(kind, Category) and len(kind.classes) > 10:
        answers = f"assert len({output}.names) == {len(kind.classes)}"
    elif isinstance(kind, Category) and str(kind) != "bool":
        names = ", ".join(map(source.value, kind.names))
        answers = f"assert {output}.names == ({names})"
        if len(answers) > 100:
            answers = f"assert {output}.names == (\n{source.items(map(source.value, kind.names), 8)}\n    )"
    return filled("test_task.py", imports="\n".join(imports), inputs=inputs, task=plan.task, answers=answers)


def _test_value(of: Any, picture: bool) -> str:
    if picture and isinstance(of, str) and not Path(of).is_absolute():
        return f"str(HERE / {source.value(of)})"
    return source.value(of[:_CUT] if isinstance(of, str) else of)


def _script(plan: Plan) -> str:
    """add.py."""
    return filled(
        "add.py",
        columns="\n".join(f"    {source.value(their)}: {source.value(our)}," for their, our in plan.renamed.items()),
        keep="\n".join(f"    {source.value(name)}," for name in plan.kept),
        task=source.value(plan.task),
        file=source.value(plan.file),
        label=source.value(plan.label.column),
    )


def _readme(plan: Plan, shown: Sequence[Mapping[str, Any]]) -> str:
    lines = proposal_table(plan.columns, most=5 * SHOWN).splitlines()
    return filled(
        "readme.md",
        name=plan.project,
        task=plan.task,
        file=plan.called,
        commands="\n".join(commands(plan)),
        rows=f"{plan.rows:,}",
        example=", and `example.jsonl` a few to ask about" if asked(plan, shown) is None else "",
        table="\n".join(f"    {line}" for line in lines),  # indented: Markdown reads nothing in it
    )

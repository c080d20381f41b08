"""The docs are tests: their code runs, and nothing that a user can name goes undocumented.

On a page, ```python blocks share one namespace and run in an empty folder; so do hidden blocks between `<!-- setup` and `-->`.
In ```console blocks the lines `$ tacit ...` run through the command line and have to exit with 0, and `$ cd FOLDER` changes
the folder for the rest of the page. What a block prints is not compared. Blocks of any other kind are only read.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import tacit
from tacit import errors
from tacit.cli.main import cli, main
from tacit.project import close

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"^```(?P<kind>\w+)[^\n]*\n(?P<code>.*?)^```|^<!-- setup\n(?P<setup>.*?)^-->", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@dataclass(frozen=True)
class Block:
    """A piece of a page that runs: "python" or "console", and the line that its code starts after."""

    kind: str
    code: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        if found["setup"] is not None:
            yield Block("python", found["setup"], line)
        elif found["kind"] in ("python", "console"):
            yield Block(found["kind"], found["code"], line)


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def namespace(folder: Path) -> Iterator[dict[str, object]]:
    """The names of a page, as those of a module: classes that it declares look their types up there."""
    module = ModuleType("page")
    sys.modules["page"] = module
    close()
    with contextlib.chdir(folder):
        yield vars(module)
    close()
    del sys.modules["page"]


@pytest.mark.parametrize("page", [p for p in PAGES if any(blocks(p))], ids=page_name)
def test_the_code_of_a_page_runs(page: Path, namespace: dict[str, object]) -> None:
    for block in blocks(page):
        if block.kind == "python":
            # Empty lines in front make a traceback show the line of the page.
            exec(compile("\n" * block.line + block.code, str(page), "exec"), namespace)
            continue
        for i, line in enumerate(block.code.splitlines(), block.line + 1):
            if line.startswith("$ tacit "):
                assert main(shlex.split(line.removeprefix("$ tacit "), comments=True)) == 0, f"{page_name(page)}:{i}: {line}"
            elif line.startswith("$ cd "):
                close()
                os.chdir(line.removeprefix("$ cd "))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)):
        assert (page.parent / link).exists(), f"{page_name(page)} links to {link}"


def test_every_verb_of_the_command_line_has_a_page() -> None:
    commands = set(cli.commands or []) | set(cli.list_commands(cli.make_context("tacit", [], resilient_parsing=True)))
    assert commands == {page.stem for page in (ROOT / "docs" / "verbs").glob("*.md")}


def test_every_verb_has_help_in_one_sentence() -> None:
    context = cli.make_context("tacit", [], resilient_parsing=True)
    for verb in cli.list_commands(context):
        command = cli.get_command(context, verb)
        assert command is not None
        assert command.get_short_help_str(200).endswith("."), f"tacit {verb} --help"


def test_every_error_has_its_place_on_the_page() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    classes = [n for n, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.TacitError)]
    documented = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(documented) == sorted(classes)


def test_every_word_of_a_signature_is_on_the_page_of_types() -> None:
    page = (ROOT / "docs" / "types.md").read_text(encoding="utf-8")
    for word in ("Text", "Character", "Word", "Span", "Image", "Vector", "Id", "Between", "Precision", "Literal", "Enum"):
        assert re.search(rf"\b{word}\b", page), word


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs" / "design" / "dependencies.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "([a-z0-9-]+)[><=\[]', project, re.MULTILINE)
    assert len(listed) > 10
    assert sorted(set(listed) - set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))) == []


MODULES = ["tacit", *sorted(m.name for m in pkgutil.walk_packages(tacit.__path__, "tacit.") if ".migrations." not in m.name)]


@pytest.mark.parametrize("module", [m for m in MODULES if not m.endswith("__main__")])
def test_the_examples_of_a_module_run(module: str, folder: Path) -> None:
    done = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert done.failed == 0

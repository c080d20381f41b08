"""The docs are tests: their code runs, and nothing that a user can name goes undocumented.

On a page, ```python blocks share one namespace and run in an empty folder; so do hidden blocks between `<!-- setup` and `-->`.
In ```console blocks the lines `$ tacit ...` run through the command line and have to exit with 0, and `$ cd FOLDER` changes
the folder for the rest of the page, and `$ python FILE` runs a script that lies beside the page. What a block prints is not compared. Blocks of any other kind are only read.
The chapters of the tutorial are one story: they run in order, in one folder.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import click
import pytest

import tacit
from tacit import errors
from tacit.cli.main import cli, main
from tacit.project import Settings, close, settings_of

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


TUTORIAL = [p for p in PAGES if p.parent.name == "tutorial"]
STORIES = [[p] for p in PAGES if any(blocks(p)) and p not in TUTORIAL] + [TUTORIAL]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: page_name(story[0]))
def test_the_code_of_a_page_runs(story: list[Path], namespace: dict[str, object]) -> None:
    for page in story:
        run_page(page, namespace)


def run_page(page: Path, namespace: dict[str, object]) -> None:
    for block in blocks(page):
        if block.kind == "python":
            # Empty lines in front make a traceback show the line of the page.
            exec(compile("\n" * block.line + block.code, str(page), "exec"), namespace)
            continue
        for i, line in enumerate(block.code.splitlines(), block.line + 1):
            if line.startswith("$ tacit "):
                close()  # each command is a process of its own, which reads the task files as they are
                assert main(shlex.split(line.removeprefix("$ tacit "), comments=True)) == 0, f"{page_name(page)}:{i}: {line}"
            elif line.startswith("$ cd "):
                close()
                os.chdir(line.removeprefix("$ cd "))
            elif line.startswith("$ python "):
                runpy.run_path(str(page.parent / line.removeprefix("$ python ")))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)):
        assert (page.parent / link).exists(), f"{page_name(page)} links to {link}"


def test_every_verb_of_the_command_line_has_a_page() -> None:
    assert {verb for verb, _ in commands()} == {page.stem for page in (ROOT / "docs" / "verbs").glob("*.md")}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the verb whose page it is on, those of groups too."""
    context = cli.make_context("tacit", [], resilient_parsing=True)
    for verb in cli.list_commands(context):
        command = cli.get_command(context, verb)
        assert command is not None
        yield verb, command
        if isinstance(command, click.Group):
            yield from ((verb, inner) for inner in command.commands.values())


def verb_page(verb: str) -> str:
    return (ROOT / "docs" / "verbs" / f"{verb}.md").read_text(encoding="utf-8")


def test_every_verb_has_help_in_one_sentence() -> None:
    for verb, command in commands():
        assert command.get_short_help_str(200).endswith("."), f"tacit {verb} --help"


COMMON = {"--json", "--trace", "--help", "-h", "--version"}


def test_every_option_of_every_command_is_on_its_page() -> None:
    common = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert all(f"`{option}`" in common for option in COMMON)
    for verb, command in commands():
        page = verb_page(verb)
        if command.name != verb:
            assert f"tacit {verb} {command.name}" in page, f"docs/verbs/{verb}.md: {command.name}"
        for parameter in command.params:
            for option in {*parameter.opts, *parameter.secondary_opts} if isinstance(parameter, click.Option) else ():
                assert option in COMMON or re.search(rf"(?<![\w-]){option}(?![\w-])", page), f"docs/verbs/{verb}.md: {option}"


def test_every_argument_of_every_verb_is_on_its_page() -> None:
    for verb, _ in commands():
        function = getattr(tacit, verb, None)
        for name in inspect.signature(function).parameters if callable(function) else ():
            assert re.search(rf"\b{name}\b", verb_page(verb)), f"docs/verbs/{verb}.md: {name}"


def test_every_setting_is_on_its_page() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        assert re.search(rf"^\| `{setting.name}` \|", page, re.MULTILINE), setting.name
    read = {v for f in (ROOT / "src").rglob("*.py") for v in re.findall(r"\b_?TACIT_[A-Z_]+", f.read_text(encoding="utf-8"))}
    assert "TACIT_DATABASE_URL" in read
    documented = set(re.findall(r"`(_?TACIT_[A-Z_]+)`", page))
    assert documented == read


def test_the_table_of_settings_is_one_that_can_be_set(folder: Path) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    assert settings_of(folder) == Settings(durability="full", price_per_hour=0.05)


def test_every_page_is_in_the_menu_of_the_site() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"- (?:[^:\n]+: )?(\S+\.md)$", menu, re.MULTILINE)
    assert sorted(listed) == sorted(p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").rglob("*.md"))


@pytest.mark.skipif(find_spec("material") is None, reason="the site needs MkDocs: pip install -e .[docs]")
def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    assert built.returncode == 0, built.stderr
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe)[^>]+src=[\"']?(?:https?:)?//[^>]+>", text)
        loaded += re.findall(r"<link[^>]+href=[\"']?(?:https?:)?//[^>]+>", text)
        assert loaded == [], page.name
        assert "<!-- setup" not in text, f"{page.name} shows what is hidden"


def test_every_page_says_first_what_its_reader_will_know() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        promised = page.parent.name in ("verbs", "tutorial") or page.stem in ("quickstart", "tasks", "types", "settings")
        assert not promised or re.match(r"# .+\n\nAfter reading (this chapter|you)", text), page_name(page)


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

"""The house rules that a machine can check; docs/design/house.md has the reasons."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import tacit

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "tacit"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST = 350
VERBS = {
    "add", "audit", "bench", "choices", "console", "coreset", "counterexamples", "db", "doctor", "evaluate", "export", "feedback",
    "hints", "label", "monitor", "new", "observe", "open", "plant", "predict", "release", "rollback", "select", "serve", "simulate", "top",
    "train", "votes",
}  # fmt: skip
HEAVY = {
    "PIL",
    "alembic",
    "fastapi",
    "lightgbm",
    "pandas",
    "polars",
    "pyarrow",
    "rich",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "torch",
    "urllib3",
    "uvicorn",
}
NO_TEST_OF_ITS_OWN = {
    "__main__.py": "one line; `tacit --help` in tests/cli and `make test` run it",
    "migrations/env.py": "Alembic runs it whenever a store is opened",
}
BRITISH = re.compile(
    r"\b\w*(?:labell(?:ed|ing)|behaviour|colour|favour|neighbour|(?:normal|optim|initial|general|summar|recogn|minim|maxim)is(?:e|ed|es|ing)\b)\w*"
)


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


each_module = pytest.mark.parametrize("path", MODULES, ids=name)


def mirror(path: Path) -> Path:
    return ROOT / "tests" / path.relative_to(SOURCE).with_name(f"test_{path.stem.strip('_')}.py")


@each_module
def test_every_module_has_a_test_file_that_mirrors_it(path: Path) -> None:
    # `__init__` states what its package offers, and a migration is tested by the store that it makes.
    if path.name == "__init__.py" or path.parent.name == "versions" or name(path) in NO_TEST_OF_ITS_OWN:
        return
    # A package that is one thing to those who use it may be tested as one: tests/test_store.py.
    whole = mirror(path.parent) if path.parent != SOURCE else mirror(path)
    assert mirror(path).is_file() or whole.is_file(), f"write {mirror(path).relative_to(ROOT)}, or say why in NO_TEST_OF_ITS_OWN"


def test_every_exception_is_needed() -> None:
    for module in NO_TEST_OF_ITS_OWN:
        assert (SOURCE / module).is_file()
        assert not mirror(SOURCE / module).is_file()


@each_module
def test_no_module_is_too_long_to_hold_in_the_head(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{name(path)} has {lines} lines: split it by noun"


@each_module
def test_every_module_says_in_its_first_line_what_it_holds(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)) or (path.name == "__init__.py" and not source)


@each_module
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported = {a.name.split(".")[0] for a in node.names} | {getattr(node, "module", None) or ""}
            assert not imported & {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            assert called not in {"eval", "exec"}, f"{name(path)}:{node.lineno}"
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle":
                    assert isinstance(keyword.value, ast.Constant)
                    assert keyword.value.value is False


@pytest.mark.parametrize("path", [*MODULES, *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("*.md"))], ids=lambda p: p.name)
def test_words_are_spelled_the_american_way(path: Path) -> None:
    assert BRITISH.findall(path.read_text(encoding="utf-8")) == []


def test_no_module_is_named_like_a_verb() -> None:
    # Importing tacit.train, the module, would overwrite tacit.train, the function.
    modules = {m.name for m in pkgutil.iter_modules(tacit.__path__)}
    functions = {n for n in tacit.__all__ if not isinstance(getattr(tacit, n), ModuleType)}
    assert modules & (VERBS | functions) == set()


def test_the_public_face_is_sorted_and_there() -> None:
    assert tacit.__all__ == sorted(set(tacit.__all__))
    for public in tacit.__all__:
        assert getattr(tacit, public) is not None
    assert set(tacit.__all__) <= set(dir(tacit))


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = tacit.nothing_of_this_name


def test_importing_tacit_loads_nothing_heavy() -> None:
    code = f"import tacit, sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_importing_tacit_leaves_seeds_warnings_and_logging_alone() -> None:
    code = """if True:
        import logging, random, warnings
        before = random.getstate(), warnings.filters[:], logging.getLogger().handlers[:], logging.getLogger().level
        import tacit
        assert before == (random.getstate(), warnings.filters[:], logging.getLogger().handlers[:], logging.getLogger().level)
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_imports_point_down_the_floors_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_version_and_changelog_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    assert tacit.__version__ == (released[0] if released else "0.1.0")
    assert f'version = "{tacit.__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")

"""Strategies by name."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator

import pytest

from tacit.errors import MissingExtra, OptionError
from tacit.selection import get, names, registry
from tacit.selection.mixtures import Mixture


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Packages that bring strategies: one that works, one that takes a name of tacit's, one that cannot be imported."""
    declared = [
        importlib.metadata.EntryPoint("theirs", "tacit.selection.unsure:RANDOM", "tacit.strategies"),
        importlib.metadata.EntryPoint("margin", "tacit.selection.unsure:RANDOM", "tacit.strategies"),
        importlib.metadata.EntryPoint("gone", "no_such_package.strategies:GONE", "tacit.strategies"),
    ]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: declared if group == "tacit.strategies" else [])
    registry._places.cache_clear()
    registry.get.cache_clear()
    yield
    registry._places.cache_clear()
    registry.get.cache_clear()


def test_every_name_has_a_strategy_of_that_name() -> None:
    assert [get(name).name for name in names()] == names()


def test_packages_bring_strategies_but_do_not_replace_those_of_tacit(installed: None) -> None:
    assert names()[-2:] == ["gone", "theirs"]
    assert get("theirs") is get("random")
    assert get("margin").name == "margin"
    with pytest.raises(MissingExtra, match="pip install no_such_package"):
        get("gone")


def test_names_with_a_plus_are_mixtures() -> None:
    found = get("margin + random")
    assert isinstance(found, Mixture)
    assert found.name == "margin+random"
    assert found.shares == (1.0, 1.0)


@pytest.mark.parametrize("name", ["margn", "margn+random", "+margin", "+"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match="there is no strategy"):
        get(name)

"""The error tree: one shape of message, everywhere."""

from __future__ import annotations

import copy
import inspect
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit import errors
from tacit.errors import TacitError, UnknownTask, nearest, quote

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, TacitError)]
every_class = pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)


def test_a_message_has_its_parts_in_order() -> None:
    error = TacitError("what happened", where="tasks/a.py:6", right="this would be right", next="tacit doctor")
    assert str(error) == "what happened; this would be right.  at tasks/a.py:6.  next: tacit doctor"
    assert error.message == "what happened; this would be right.  at tasks/a.py:6."


def test_parts_that_are_not_given_leave_no_gap() -> None:
    assert str(TacitError("what happened.", next="tacit doctor")) == "what happened.  next: tacit doctor"
    assert str(TacitError("what", right="so.", next="x")) == "what; so.  next: x"
    assert (
        str(TacitError("what", right="did you mean so?", where="a.py:1", next="x"))
        == "what; did you mean so?  at a.py:1.  next: x"
    )


def test_a_message_cannot_go_without_its_next_line() -> None:
    with pytest.raises(TypeError, match="next"):
        TacitError("what happened")  # type: ignore[call-arg]


@every_class
def test_every_class_prints_alike(error: type[TacitError]) -> None:
    made = error("what", next="do")
    assert made.to_dict() == {"kind": made.kind, "message": "what.", "next": "do"}
    assert re.fullmatch(r"[a-z]+( [a-z]+)*", made.kind)


def test_a_kind_is_the_class_in_words() -> None:
    kinds = {c.__name__: c("w", next="n").kind for c in CLASSES}
    assert kinds["TooFewLabels"] == "too few labels"
    assert kinds["FileError"] == "file"
    assert kinds["TacitError"] == "tacit"
    assert len(set(kinds.values())) == len(kinds)


@every_class
def test_every_class_survives_a_process_border(error: type[TacitError]) -> None:
    made = error("what", where="a.py:1", right="right", next="do")
    for other in (pickle.loads(pickle.dumps(made)), copy.copy(made)):
        assert type(other) is error
        assert str(other) == str(made)
        assert other.where == "a.py:1"


@every_class
def test_every_class_is_public_and_in_the_drawing(error: type[TacitError]) -> None:
    assert error.__name__ in errors.__all__
    drawn = re.findall(r"^\s*[│├└─ ]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)
    assert drawn.count(error.__name__) == 1


def test_the_drawing_has_the_branches_of_the_tree() -> None:
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^    ([│├└─ ]*)([A-Z]\w+)", line):
            depth = len(found[1]) // 4
            path = [*path[:depth], found[2]]
            if depth:
                assert getattr(errors, path[-1]).__base__.__name__ == path[-2]


def test_the_public_names_are_sorted_and_there() -> None:
    classes = [n for n in errors.__all__ if n[0].isupper()]
    assert errors.__all__ == sorted(classes) + sorted(set(errors.__all__) - set(classes))
    assert all(hasattr(errors, n) for n in errors.__all__)


def test_one_branch_can_be_caught() -> None:
    with pytest.raises(errors.TaskError):
        raise UnknownTask("no task", next="tacit doctor")


def test_the_nearest_word_is_found() -> None:
    assert nearest("negatve", ["positive", "negative"]) == "negative"
    assert nearest("qqq", ["positive", "negative"]) is None
    assert nearest("a", []) is None
    assert nearest("x" * 10_000_000, ["x" * 100]) is None


@given(st.text() | st.binary() | st.integers() | st.floats() | st.lists(st.text()))
def test_a_quote_is_short_printable_and_can_be_encoded(value: object) -> None:
    shown = quote(value)
    assert len(shown) <= 60
    assert shown.isprintable()
    shown.encode()


def test_quotes_read_well() -> None:
    assert quote("né") == '"né"'
    assert quote('say "so"\n') == '"say \\"so\\"\\n"'
    assert quote("\x1b[31m\u202e\ud800") == '"\\u001b[31m\\u202e\\ud800"'
    assert quote(["a", 1]) == "['a', 1]"
    assert quote("x" * 100, length=10) == '"xxxxxx...'
    assert quote(10**5000) == "<int>"

"""Examples, labels and predictions: frozen, and named by their content."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.examples import Example, Label, Prediction, canonical, content_id

text = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
    max_leaves=8,
)


@given(st.dictionaries(text, plain))
def test_canonical_json_can_be_read_back(inputs: dict[str, Any]) -> None:
    assert json.loads(canonical(inputs)) == inputs


@given(st.dictionaries(text, plain))
def test_an_id_is_32_hexadecimal_digits(inputs: dict[str, Any]) -> None:
    assert re.fullmatch("[0-9a-f]{32}", content_id(canonical(inputs)))


def test_equal_inputs_have_equal_ids_and_others_have_not() -> None:
    assert content_id(canonical({"a": "né"})) == content_id(canonical({"a": "né"}))
    values: list[Any] = [1, 1.0, True, "1", None, [1], {"a": 1}, "e\u0301", "é"]
    assert len({content_id(canonical({"a": v})) for v in values}) == len(values)


def test_ids_stay_the_same_between_versions() -> None:
    assert content_id('{"review":"glad"}') == "7e1e78e36d237a8cc0e87314f94a94e4"


def test_what_json_cannot_hold_is_not_hashed() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


def test_records_of_the_loop_are_frozen() -> None:
    for record in (Example("i", {}), Label("i", 1, "human"), Prediction(1, None, {}, None, "i")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, dataclasses.fields(record)[0].name, 0)


def test_a_prediction_prints_its_five_parts() -> None:
    prediction = Prediction("a", 0.75, {"a": 0.75, "b": 0.25}, 3, "p1")
    shown = {"value": "a", "confidence": 0.75, "scores": {"a": 0.75, "b": 0.25}, "release": 3, "id": "p1"}
    assert prediction.to_dict() == shown

"""Kind -> JSON schema, for every kind of the type table."""

from __future__ import annotations

from typing import Any

import pytest

from tacit.project import Project
from tacit.server.schemas import sample, schema_of
from tacit.types import input_kind, output_kind


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("a", {"type": "boolean", "enum": [False, True]}),
        ("b", {"type": "string", "enum": ["x", "y"]}),
        ("c", {"type": "array", "items": {"type": "string", "enum": ["p", "q"]}, "uniqueItems": True}),
        ("d", {"type": "number"}),
        ("e", {"type": "integer"}),
        ("f", {"type": "string", "minLength": 1, "maxLength": 1_000_000}),
        ("h", {"anyOf": [{"type": "array", "items": {"type": "string", "minLength": 1}}, {"type": "string"}]}),
        ("i", {"type": "string", "format": "date"}),
        ("j", {"type": "string", "format": "date-time"}),
        ("k", {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
        ("l", {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}),
        ("m", {"anyOf": [{"type": "string", "contentEncoding": "base64"}, {"type": "null"}]}),
        (
            "n",
            {
                "type": "object",
                "properties": {"height": {"type": "number"}, "width": {"type": "number", "minimum": 0, "maximum": 10}},
                "required": ["height", "width"],
                "additionalProperties": False,
            },
        ),
        ("o", {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 3}, {"type": "null"}]}),
    ],
)
def test_a_kind_has_its_schema(shop: Project, name: str, schema: dict[str, Any]) -> None:
    assert schema_of(shop.tasks["wide"].signature.inputs[name]) == schema


def test_an_image_of_a_form_is_a_file() -> None:
    import tacit

    assert schema_of(input_kind(tacit.Image), form=True) == {"type": "string", "format": "binary"}


def test_spans_have_places_and_a_label() -> None:
    from typing import Literal

    from tacit import Span

    kind = output_kind(list[Span[Literal["who", "where"]]])
    assert schema_of(kind)["items"]["required"] == ["start", "end", "label"]
    assert kind.parse(sample(kind)) == [Span(0, 4, "who")]

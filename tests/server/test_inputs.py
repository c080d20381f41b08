"""What clients send, against every type there is."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tacit.errors import RowsError
from tacit.project import Project
from tacit.server.inputs import columns_of, has_images, how_to_send
from tacit.server.schemas import sample
from tests.server.conftest import png
from tests.server.test_api import ANYTHING

HOSTILE = st.sampled_from(
    [10**400, -(2**63), 1e308, "9" * 5000, "\x00", "\ud800", "NaN", "inf", "[" * 2000, '{"a":' * 500, "0x10", "1_000", "٣", "-0"]
)


def a_row(shop: Project) -> dict[str, Any]:
    row = {name: sample(kind) for name, kind in shop.tasks["wide"].signature.inputs.items()}
    return row | {"m": base64.b64encode(png()).decode()}


def test_the_sample_of_every_kind_fits_it(shop: Project) -> None:
    columns = columns_of(shop.tasks["wide"], [a_row(shop)])
    assert all(len(values) == 1 for values in columns.values())
    assert columns["n.height"] == [0.0]
    assert isinstance(columns["m"][0], bytes)


@given(st.sampled_from("abcdefghijklmno"), ANYTHING | HOSTILE | st.lists(HOSTILE, max_size=2))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_for_any_kind_fits_or_is_refused(shop: Project, name: str, value: Any) -> None:
    try:
        columns_of(shop.tasks["wide"], [a_row(shop) | {name: value}])
    except RowsError as error:
        assert name in error.message  # noqa: PT017


def test_fields_of_a_record_beside_others_have_its_name_in_front(shop: Project) -> None:
    row = a_row(shop)
    del row["n"]
    assert columns_of(shop.tasks["wide"], [row | {"n.height": 2, "n.width": 3}])["n.width"] == [3.0]
    with pytest.raises(RowsError, match=r"n\.height is missing; n\.width is missing"):
        columns_of(shop.tasks["wide"], [row])
    with pytest.raises(RowsError, match=r'n\.heigth is no input; did you mean "height"'):
        columns_of(shop.tasks["wide"], [row | {"n": {"heigth": 2, "width": 3}}])


def test_all_problems_of_a_row_are_gathered_up_to_five(shop: Project) -> None:
    with pytest.raises(RowsError) as caught:
        columns_of(shop.tasks["wide"], [{}])
    assert caught.value.message.count(" is ") >= 5
    assert "more problems" in caught.value.message


def test_only_images_take_long(shop: Project) -> None:
    assert has_images(shop.tasks["side"])
    assert has_images(shop.tasks["wide"])
    assert not has_images(shop.tasks["sentiment"])


def test_the_line_to_send_is_a_request(shop: Project) -> None:
    assert (
        how_to_send(shop.tasks["volume"], many=True) == 'POST /v1/volume/batch {"rows": [{"cup": {"height": 0.0, "width": 0.0}}]}'
    )

"""Lines of MLPerf logs: three formats, and what really stands in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.published.lines import Broken, Event, events
from tests.published.made import START, v05, v06, v07


def one(line: str) -> Event:
    (said,) = events(line.encode())
    assert isinstance(said, Event)
    return said


def test_the_three_formats_say_the_same() -> None:
    old = one(v05("eval_accuracy", 1.5, {"epoch": 3, "value": 0.7}, benchmark="ssd"))
    assert (old.suite, old.time, old.key, old.value, old.metadata["epoch"], old.benchmark) == (
        "v0.5",
        START + 1.5,
        "eval_accuracy",
        0.7,
        3,
        "ssd",
    )
    middle, new = (one(write("eval_accuracy", 1.5, 0.7, epoch_num=3)) for write in (v06, v07))
    assert (middle.suite, new.suite) == ("v0.6", "v0.7+")
    for said in (middle, new):
        assert (said.time, said.key, said.value, said.metadata["epoch_num"]) == (START + 1.5, "eval_accuracy", 0.7, 3)


def test_v05_needs_no_value() -> None:
    assert one(":::MLPv0.5.0 resnet 1541674521.869611263 (/a b/log (1).py:49) run_stop").value is None
    assert one(v05("opt_name", 0, "sgd")).value == "sgd"
    assert one(":::MLPv0.5.0 ncf 1541674521.8 (a.py:1) opt_name: Adam").value == "Adam"
    assert one(v05("run_stop", 0, {"success": "true"})).metadata == {"success": "true"}


@pytest.mark.parametrize(
    "before", ["", "[1,3]<stdout>:", "INFO:mlperf_compliance:", "Epoch 3: 100%|====| ", "12: \r", "{'a': 1} "]
)
def test_what_stands_before_the_token_does_not_matter(before: str) -> None:
    for line in (v05("run_start", 0), v06("run_start", 0), v07("run_start", 0)):
        assert one(before + line).key == "run_start"


def test_what_stands_after_does_not_matter_either() -> None:
    assert one(v06("run_start", 0) + "\r").key == "run_start"
    assert one(v06("run_start", 0) + " and a warning").key == "run_start"
    assert [said.key for said in events((v06("init_stop", 0) + v06("run_start", 0)).encode()) if isinstance(said, Event)] == [
        "init_stop",
        "run_start",
    ]


@pytest.mark.parametrize(
    "value",
    [
        """{'value': None, 'metadata': {'status': 'success', 'epoch_num': 3}}""",
        """{value: null, metadata: {status: success, epoch_num: 3}}""",
        """{"value": null, "metadata": {"status": "success", epoch_num: 3,}}""",
    ],
)
def test_other_quoting_than_that_of_json_is_understood(value: str) -> None:
    said = one(f":::MLL 1560881731.835 run_stop: {value}")
    assert (said.value, said.metadata["status"], said.metadata["epoch_num"]) == (None, "success", 3)


@pytest.mark.parametrize(
    "line",
    [
        ':::MLL 1560881731.835 run_stop: {"value": null, "metadata": {"lineno": 19',
        ":::MLL 1560881731.835 run_stop: {value: null, metadata: {status: succ",
        ":::MLL 1560881731.835 run_st",
        ":::MLL 1560881731.8.3 run_stop: {}",
        ':::MLPv0.5.0 ncf 15416.5 (a.py:1) run_stop: {"succ',
        ":::MLPv0.5.0 ncf 15416",
        ':::MLLOG {"time_ms": 1}',
        ':::MLLOG {"time_ms": "soon", "key": "run_stop"}',
        ':::MLLOG {"time_ms": 1e999, "key": "run_stop"}',
        ':::MLLOG {"time_ms": 1e15, "key": "run_stop"}',
        ':::MLLOG {"time_ms": -1, "key": "run_stop"}',
        ":::MLPv0." + 1_000_000 * "5",
        ":::MLPv0.5.0 ncf 1.0 (a.py:1)" + 1_000_000 * " ",
        ":::MLL 1.0 run_stop: {" + 1_000_000 * "a",
        ":::MLLOG [1, 2]",
        ":::MLL 1.0 run_stop: [1]",
        ":::MLL 1.0 run_stop: " + 100_000 * "[",
        ":::MLLOG " + 100_000 * '{"a":',
    ],
)
def test_half_a_line_is_no_line(line: str) -> None:
    assert list(events(line.encode())) == [Broken()]


def test_free_text_says_nothing() -> None:
    assert list(events(b"MLPerf: resnet [06/13/19 00:30:56], run_start")) == []
    assert list(events(b"see :::MLLOGS and :::MLX 1.0 a: {}")) == []


@given(st.binary(max_size=200))
def test_any_bytes_can_follow_a_token(bytes_: bytes) -> None:
    for token in (b":::MLL ", b":::MLLOG ", b":::MLPv0.5.0 "):
        assert all(isinstance(said, Event | Broken) for said in events(token + bytes_))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_comes_back(value: object) -> None:
    line = ":::MLLOG " + json.dumps({"time_ms": 1000, "key": "a", "value": value, "metadata": {}})
    assert one(line).value == value

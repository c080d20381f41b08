"""A log: when its run began and ended, whether it converged, and each thing that real logs have wrong."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tacit.published.logs import Log, is_log, read_log
from tests.published.made import START, log05, log06, v05, v06, v07, write_log


def read(folder: Path, lines: list[str]) -> Log:
    return read_log(write_log(folder / "result_0.txt", lines), "result_0.txt")


@pytest.mark.parametrize(("lines", "suite"), [(log05(), "v0.5"), (log06(), "v0.6"), (log06(write=v07), "v0.7+")])
def test_a_log_as_it_should_be(tmp_path: Path, lines: list[str], suite: str) -> None:
    log = read(tmp_path, ["free text", *lines])
    assert (log.suite, log.benchmark, log.converged, log.whole, log.problems) == (suite, "resnet", True, True, ())
    assert log.seconds == pytest.approx(600)
    assert [(e.seconds, e.epoch) for e in log.evaluations] == [(pytest.approx(300), 1), (pytest.approx(599), 2)]


def test_nobody_is_named(tmp_path: Path) -> None:
    said = repr(read(tmp_path, [*log06(), v06("eval_accuracy", 1, "ann@example.org", epoch_num=1)]))
    assert "Ann" not in said
    assert "example.org" not in said


def test_a_log_may_be_gzipped_under_any_name(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(log06()).encode())
    (tmp_path / "result_0.txt").write_bytes(packed)
    assert read_log(tmp_path / "result_0.txt", "a").seconds == pytest.approx(600)
    (tmp_path / "result_1.txt.gz").write_bytes(packed[:-20])
    log = read_log(tmp_path / "result_1.txt.gz", "b")
    assert (log.whole, log.seconds) == (False, None)
    assert str(log.problems[0]) == "b: it is cut in the middle, or damaged.  fix: fetch it again"


@pytest.mark.parametrize(
    ("value", "scores"),
    [
        (0.76, (0.76,)),
        ("25.32", (25.32,)),
        ([0.38, 0.34], (0.38, 0.34)),
        ({"accuracy": {"BBOX": 0.38, "SEGM": 0.34}}, (0.38, 0.34)),
        ("none", None),
        (True, None),
    ],
)
def test_scores_are_numbers_texts_lists_or_dicts(tmp_path: Path, value: Any, scores: tuple[float, ...] | None) -> None:
    log = read(tmp_path, log06(score=value))
    assert [e.scores for e in log.evaluations] == [(0.2,)] + ([] if scores is None else [scores])
    assert log.seconds == pytest.approx(600)


def test_workers_that_repeat_each_other_are_one_run(tmp_path: Path) -> None:
    lines = log06()
    ranks = [f"[1,{rank}]<stdout>:" + v06("init_start", -15 + rank / 100) for rank in range(8)]
    log = read(tmp_path, [*ranks, *lines, v06("run_start", 0.02), v06("run_stop", 600.5, status="success")])
    assert log.seconds == pytest.approx(600.5)
    assert log.problems == ()


def test_a_second_logger_that_repeats_each_line_adds_no_run(tmp_path: Path) -> None:
    once = log05()
    log = read(tmp_path, [line for said in once for line in (said, "DEBUG:mlperf_compliance:" + said)])
    assert log == read(tmp_path, once)
    assert log.seconds == pytest.approx(600)


def test_times_out_of_order_headers_without_time_and_carriage_returns(tmp_path: Path) -> None:
    lines = [line.replace(f"{START - 30:.3f}", "0.0") for line in log06()]
    log = read(tmp_path, ["progress 1%\rprogress 2%\r" + line + "\r" for line in reversed(lines)])
    assert (log.seconds, log.converged, log.problems) == (pytest.approx(600), True, ())


def test_mask_is_maskrcnn(tmp_path: Path) -> None:
    assert read(tmp_path, log06(benchmark="mask")).benchmark == "maskrcnn"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([*log06(), *(line.replace("15600", "15700") for line in log06())], "it holds 2 runs"),
        ([*log06(), v06("run_start", 90)], "it tells of run_start or run_stop twice, 90 s apart"),
        (log06()[:-1], "it has no run_stop: it is cut, or the run was killed"),
        ([*log06()[:-1], log06()[-1][:50]], "it is cut in the middle of a line"),
        ([line for line in log06() if "run_start" not in line], "it has no run_start with a time"),
        ([line.replace(f"{START:.3f} run_start", "0.0 run_start") for line in log06()], "it has no run_start with a time"),
        (log06(seconds=-5), "its run_stop is before its run_start"),
        ([*log06(), *log05()], "it mixes the formats of v0.5 and v0.6"),
        (["MLPerf: resnet [06/13/19 00:30:56], run_start"], "no line of it is of MLPerf's"),
        ([], "no line of it is of MLPerf's"),
    ],
)
def test_what_cannot_be_scored_says_why_and_has_no_time(tmp_path: Path, lines: list[str], reason: str) -> None:
    log = read(tmp_path, lines)
    assert (log.whole, log.seconds, log.converged) == (False, None, False)
    assert log.problems[0].reason == reason
    assert log.problems[0].fix


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sampled_from([log05(stop={"success": False}), log05(), log06(status="aborted"), log06(write=v07)]), st.data())
def test_a_log_that_is_cut_anywhere_never_has_another_outcome(tmp_path: Path, lines: list[str], data: st.DataObject) -> None:
    raw = "\n".join(lines).encode()
    at = data.draw(st.integers(0, len(raw)))
    path = tmp_path / "result_0.txt"
    path.write_bytes(raw)
    whole = read_log(path, "a")
    path.write_bytes(raw[:at])
    cut = read_log(path, "a")
    assert not cut.whole or (cut.seconds, cut.converged) == (whole.seconds, whole.converged)


@pytest.mark.parametrize(
    ("stop", "score", "target", "converged"),
    [
        ({"success": True}, 0.75, None, True),
        ({"success": "true"}, 0.75, 0.749, True),
        (None, 0.75, 0.749, True),
        (None, 0.75, None, True),
        (None, 0.74, 0.749, False),
        ({"success": False}, 0.74, 0.749, False),
        ({"success": "false"}, 0.74, None, False),
        ({"success": True}, 0.74, 0.749, False),  # it says so, and its scores do not
        ({"success": True}, 0.21, 21.0, True),  # another unit than that of its target
    ],
)
def test_v05_says_success_in_three_ways(tmp_path: Path, stop: Any, score: float, target: float | None, converged: bool) -> None:
    log = read(tmp_path, log05(stop=stop, score=score, target=target))
    assert (log.converged, log.whole, log.seconds) == (converged, True, pytest.approx(600))
    assert bool(log.problems) != converged


@pytest.mark.parametrize("status", ["abort", "aborted", "ABORTED"])
def test_an_aborted_run_is_whole_and_did_not_converge(tmp_path: Path, status: str) -> None:
    log = read(tmp_path, log06(status=status, score=0.7566))
    assert (log.converged, log.whole) == (False, True)
    assert log.problems[0].reason == "the run did not converge: run_stop says so; its best score is 0.7566"


def test_a_stop_without_status_is_noted(tmp_path: Path) -> None:
    log = read(tmp_path, [*log06()[:-1], v06("run_stop", 600)])
    assert log.converged
    assert log.problems[0].reason == "its run_stop has no status; it is taken for a success"


def minigo(*ends: str) -> list[str]:
    return [*log06(benchmark="minigo")[:-1], *ends]


def test_minigo_is_timed_by_its_eval_result(tmp_path: Path) -> None:
    passed = v06("eval_result", 900, timestamp=420.5, iteration=2)
    for ends in ([passed], [v06("run_stop", 700, status="success"), passed]):
        log = read(tmp_path, minigo(*ends))
        assert (log.seconds, log.converged, log.problems) == (420.5, True, ())
    for wrong in ({}, {"timestamp": 901.0}, {"timestamp": -1}, {"timestamp": "420"}):
        log = read(tmp_path, minigo(v06("eval_result", 900, **wrong)))
        assert (log.seconds, log.whole) == (None, False)
    assert not read(tmp_path, minigo()).whole


def test_python_quoting_and_a_line_without_quotes(tmp_path: Path) -> None:
    stop = f":::MLL {START + 600:.3f} run_stop: {{value: null, metadata: {{status: success}}}}"
    start = f":::MLL {START:.3f} run_start: {{'value': None, 'metadata': {{'lineno': 3}}}}"
    lines = [start if "run_start" in line else line for line in log06()[:-1]] + [stop]
    assert read(tmp_path, lines).seconds == pytest.approx(600)


def test_parts_in_another_encoding_are_read_and_named(tmp_path: Path) -> None:
    lines = log06()
    path = tmp_path / "result_0.txt"
    path.write_bytes("\n".join(lines[:-1]).encode() + b"\ncaf\xe9\n" + lines[-1].encode("utf-16-le") + "\n".encode("utf-16-le"))
    log = read_log(path, "a")
    assert (log.seconds, log.converged) == (pytest.approx(600), True)
    assert [p.reason for p in log.problems] == ["part of it is UTF-16"]


def test_a_line_that_workers_spoiled_is_counted(tmp_path: Path) -> None:
    log = read(tmp_path, [":::MLL 15:::MLL 3", *log06()])
    assert log.seconds == pytest.approx(600)
    assert log.problems[0].reason == "2 of its lines cannot be read, the first is line 1"


def test_a_very_long_line_hides_none_that_follow(tmp_path: Path) -> None:
    lines = log06()
    log = read(tmp_path, [*lines[:3], "x" * 3_000_000 + v06("run_stop", 1), *lines[3:]])
    assert log.seconds == pytest.approx(600)


def test_lines_that_matter_to_no_rule_are_not_kept_and_tell_the_format(tmp_path: Path) -> None:
    log = read(tmp_path, [v05("model_hp_relu", i / 1000, benchmark="ncf") for i in range(300)])
    assert (log.suite, log.benchmark, log.problems[0].reason) == ("v0.5", "ncf", "it has no run_start with a time")


def test_what_is_a_log(tmp_path: Path) -> None:
    assert is_log(write_log(tmp_path / "a.log", log06()))
    assert not is_log(write_log(tmp_path / "b.log", ["nothing", ":::MLL broken"]))
    assert not is_log(tmp_path / "missing.log")

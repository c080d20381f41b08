"""Results of MLPerf: which logs belong together, what they come to, and when they come to nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tacit.errors import FileError
from tacit.published import mlperf
from tests.published.made import log05, log06, v07, write_log, write_set

FIVE = [log06(seconds) for seconds in (600, 660, 720, 780, 6000)]


def test_the_score_is_the_mean_without_the_fastest_and_the_slowest(tmp_path: Path) -> None:
    write_set(tmp_path / "lab" / "box" / "resnet", FIVE)
    (result,) = mlperf(tmp_path).results
    assert result.score_minutes == pytest.approx(12)
    plain = result.to_dict()
    assert plain.pop("minutes") == pytest.approx([10, 11, 12, 13, 100])
    assert plain.pop("cv") == pytest.approx(39.5942 / 29.2, abs=1e-5)
    assert plain.pop("score_minutes") == pytest.approx(12)
    assert plain == {
        "folder": "lab/box/resnet",
        "benchmark": "resnet",
        "suite": "v0.6",
        "n_runs": 5,
        "converged": 5,
        "first_problem": None,
    }


@pytest.mark.parametrize("write", [v07])
def test_v07_is_scored_alike(tmp_path: Path, write: object) -> None:
    write_set(tmp_path, [log06(seconds, write=write) for seconds in (600, 660, 720, 780, 840)])
    (result,) = mlperf(tmp_path).results
    assert (result.folder, result.suite, result.score_minutes) == (".", "v0.7+", pytest.approx(12))


def test_one_failed_run_is_the_slowest_and_two_are_too_many(tmp_path: Path) -> None:
    failed = log06(60, status="aborted")
    write_set(tmp_path / "one", [*FIVE[:4], failed])
    write_set(tmp_path / "two", [*FIVE[:3], failed, failed])
    one, two = mlperf(tmp_path).results
    assert (one.score_minutes, one.converged, one.minutes[4]) == (pytest.approx(12), 4, None)
    assert two.score_minutes is None
    assert str(two.problems[0]) == "two: 2 of its 5 runs did not converge; one may.  fix: run it anew"


@pytest.mark.parametrize(
    "bad", [FIVE[4][:-1], ["no MLPerf at all"], [*FIVE[4], *(line.replace("15600", "15700") for line in FIVE[4])]]
)
def test_a_log_that_does_not_tell_its_outcome_leaves_no_score(tmp_path: Path, bad: list[str]) -> None:
    write_set(tmp_path, [*FIVE[:4], bad])
    (result,) = mlperf(tmp_path).results
    assert (result.score_minutes, result.converged, len(result.runs)) == (None, 4, 5)
    assert result.problems[0].file == "result_4.txt"
    assert str(result.problems[0]) == result.to_dict()["first_problem"]


def test_logs_of_two_benchmarks_are_no_result(tmp_path: Path) -> None:
    write_set(tmp_path, [*FIVE[:4], log06(600, benchmark="ssd")])
    (result,) = mlperf(tmp_path).results
    assert (result.score_minutes, result.benchmark) == (None, None)
    assert result.problems[0].reason == "its logs are of several benchmarks or suites"


def test_two_runs_leave_nothing(tmp_path: Path) -> None:
    write_set(tmp_path, FIVE[:2])
    (result,) = mlperf(tmp_path).results
    assert result.score_minutes is None
    assert "nothing is left" in result.problems[0].reason


def test_fewer_runs_than_the_rules_ask_for_are_noted(tmp_path: Path) -> None:
    write_set(tmp_path, FIVE[:4])
    (result,) = mlperf(tmp_path).results
    assert result.score_minutes == pytest.approx(11.5)
    assert result.problems[0].reason == "it has 4 runs; the rules ask for 5"


def test_a_run_that_is_there_twice_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, [*FIVE, FIVE[0]])
    (problem,) = mlperf(tmp_path).problems
    assert str(problem) == "result_5.txt: it tells of the same run as result_0.txt.  fix: leave one of them out"


def ncf(seconds: float, *, success: bool = True) -> list[str]:
    return log05(seconds, benchmark="ncf", stop={"success": success}, score=0.64 if success else 0.63, target=0.635)


def test_of_ncf_the_first_50_that_converge_count_by_number(tmp_path: Path) -> None:
    # 0, 3, 6, ... fail: 66 of 99 converge, and the first 50 of them are among the first 75.
    write_set(tmp_path, [ncf(60 + n, success=n % 3 != 0) for n in range(99)])
    (result,) = mlperf(tmp_path).results
    counted = sorted((60 + n) / 60 for n in range(75) if n % 3)
    assert len(counted) == 50
    assert result.score_minutes == pytest.approx(sum(counted[1:-1]) / 48)
    assert (len(result.runs), result.converged) == (99, 66)


def test_of_ncf_fewer_than_50_are_no_score(tmp_path: Path) -> None:
    write_set(tmp_path, [*(ncf(60) for _ in range(49)), ncf(60)[:-2]])
    (result,) = mlperf(tmp_path).results
    assert result.score_minutes is None
    assert result.problems[0].reason == "49 of its 50 runs converged; 50 have to"


def test_of_ncf_too_a_log_that_cannot_be_read_leaves_no_score(tmp_path: Path) -> None:
    write_set(tmp_path, [["nothing"], *(ncf(60 + n) for n in range(50))])
    (result,) = mlperf(tmp_path).results
    assert result.score_minutes is None
    assert result.problems[0].file == "result_0.txt"


def test_folders_at_any_depth_and_other_files_are_left_alone(tmp_path: Path) -> None:
    write_set(tmp_path / "b" / "resnet", FIVE)
    write_set(tmp_path / "a", FIVE)
    write_log(tmp_path / "a" / "notes.txt", FIVE[0])
    write_log(tmp_path / "a" / "README.md", FIVE[0])
    write_log(tmp_path / "c" / "requirements.txt", ["numpy"])
    assert [(r.folder, len(r.runs)) for r in mlperf(tmp_path).results] == [("a", 5), ("b/resnet", 5)]


def test_logs_of_any_name_are_found_by_what_they_hold(tmp_path: Path) -> None:
    for number in (10, 9, 2):
        write_log(tmp_path / f"run{number}.log", log06(60 * number))
    write_log(tmp_path / "notes.txt", ["nothing"])
    (result,) = mlperf(tmp_path).results
    assert result.minutes == pytest.approx([2, 9, 10])


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no folder"):
        mlperf(tmp_path / "missing")
    with pytest.raises(FileError, match="has no MLPerf logs"):
        mlperf(tmp_path)


def test_what_is_printed_names_no_person(tmp_path: Path) -> None:
    write_set(tmp_path / "box", [*FIVE[:4], FIVE[4][:-1]])
    results = mlperf(tmp_path)
    said = str(results) + json.dumps(results.to_dict())
    assert "box/result_4.txt: it has no run_stop" in said
    assert "Ann" not in said
    assert "example.org" not in said


PUBLISHED = {
    "NVIDIA/results/dgx1_ngc19.05_mxnet/resnet": 115.2207,
    "NVIDIA/results/dgx1_ngc19.05_pytorch/ssd": 22.3633,
    "NVIDIA/results/dgx1_ngc19.05_pytorch/gnmt": 20.5534,
    "NVIDIA/results/dgx1_ngc19.05_pytorch/transformer": 20.3442,
    "NVIDIA/results/dgx1_ngc19.05_tensorflow/minigo": 27.3922,
    "Google/results/tpu-v3-32/resnet": 42.1863,
    "Fujitsu/results/abci_2048xV100_mxnet/resnet": 1.1736,
}


def test_published_results_of_v06_come_out(shared: Path) -> None:
    found = mlperf(shared / "mlperf-v0.6")
    scores = {r.folder: r.score_minutes for r in found.results}
    assert len(scores) == 8
    for folder, minutes in PUBLISHED.items():
        assert scores[folder] == pytest.approx(minutes, abs=5e-5)
    assert found.problems == ()

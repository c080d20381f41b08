"""Problems: a line each, or one for those that are alike."""

from __future__ import annotations

from tacit.published.problems import Problem, told


def test_a_problem_reads_as_file_reason_and_fix() -> None:
    assert str(Problem("a/b.txt", "it is cut", "fetch it again")) == "a/b.txt: it is cut.  fix: fetch it again"


def test_those_that_are_alike_share_a_line() -> None:
    many = [Problem(f"{n}.json", "it has no cost", "add it") for n in range(5)]
    assert told([*many, Problem("x", "it is empty", "fill it")]) == [
        "0.json, 1.json, 2.json and 2 more: it has no cost.  fix: add it",
        "x: it is empty.  fix: fill it",
    ]


def test_of_very_many_lines_the_first_are_told() -> None:
    lines = told(Problem("a", f"line {n} is wrong", "mend it") for n in range(30))
    assert len(lines) == 21
    assert lines[-1] == "and 10 more lines of problems: --json has them all"

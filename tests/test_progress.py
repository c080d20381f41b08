"""Reports of long work."""

from __future__ import annotations

from tacit.progress import Progress, report, watch


def test_reports_reach_the_one_who_watches_and_nobody_else() -> None:
    seen: list[Progress] = []
    report(Progress("before", 0))
    with watch(seen.append):
        report(Progress("training", 3, 60, "accuracy 0.9"))
        with watch(lambda p: None):
            report(Progress("inner", 1))
    report(Progress("after", 0))
    assert [p.doing for p in seen] == ["training"]

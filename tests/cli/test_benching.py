"""The command bench: a group."""

from __future__ import annotations

from tacit.cli.benching import bench


def test_published_results_are_commands_of_bench() -> None:
    assert {"dawnbench", "mlperf"} <= set(bench.commands)

"""The group of commands below bench."""

from __future__ import annotations

import pytest

from tacit.cli import main


def test_help_names_all_that_is_below(capsys: pytest.CaptureFixture[str]) -> None:
    main(["bench", "--help"])

    shown = capsys.readouterr().out
    assert all(name in shown for name in ("run", "compare", "board", "plot", "report", "export", "where", "dawnbench", "mlperf"))

"""What commands share: files that are to be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tacit.cli.main import main


@pytest.mark.parametrize("option", ["--html", "--card"])
@pytest.mark.parametrize(("file", "said"), [("no/where.html", "mkdir -p"), ("made.html", "made.html is a folder")])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_done(
    folder: Path, capsys: Any, option: str, file: str, said: str
) -> None:
    (folder / "made.html").mkdir()
    assert main(["audit", "sentiment", option, file]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "sentiment has" not in err

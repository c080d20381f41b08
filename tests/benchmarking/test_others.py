"""What else the machine did meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tacit.benchmarking.others import Others


def test_another_process_is_seen() -> None:
    others = Others()
    if others.share() is None:
        pytest.skip("this system does not say what its processors do")
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.5)
        seen = others.share()
    finally:
        busy.kill()
        busy.wait()

    assert seen is not None
    assert 0 < seen <= 1

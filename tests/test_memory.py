"""Memory that was freed goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from tacit.memory import give_back


def resident_mb() -> float:
    return float(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is resident under /proc")
def test_what_was_freed_is_resident_no_more() -> None:
    if not give_back():
        pytest.skip("this C library cannot be asked")
    # Blocks below the size that is mapped by itself, with one kept above them, so that the heap cannot shrink.
    blocks = [np.ones(100_000 // 8) for _ in range(2000)]
    kept = np.ones(1000)
    before = resident_mb()
    del blocks
    give_back()
    assert resident_mb() < before - 100
    assert kept.sum() == 1000


def test_it_can_be_asked_again_and_again() -> None:
    assert give_back() == give_back()

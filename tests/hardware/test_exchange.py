"""Tests of one of the processes that exchange gradients: alone, it is a group of one."""

from __future__ import annotations

from pathlib import Path

import torch

from tacit.hardware.exchange import exchange


def test_a_group_of_one_takes_as_long_together_as_alone(tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    try:
        alone, together, reducing = exchange(str(tmp_path / "meeting"), 1, 20, 4, 3, 0)
    finally:
        torch.set_num_threads(threads)
    assert min(alone, together, reducing) > 0
    assert not torch.distributed.is_initialized()

"""Whether a learner keeps the contract."""

from __future__ import annotations

from tacit.learners.contract import Learner

__all__ = ["check_learner"]


def check_learner(learner: Learner) -> None:
    """Check."""

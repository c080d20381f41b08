"""The seam between labeling functions and votes: whoever is asked, the asking is the same."""

from __future__ import annotations

from tacit.asking.ballots import Voter
from tacit.asking.called import Called
from tacit.asking.interviewed import Interviewed
from tacit.functions import LabelingFunction
from tacit.types import Category

__all__ = ["voter"]


def voter(function: LabelingFunction, output: Category) -> Voter:
    """A labeling function, ready to be asked: it is called, or its language model is."""
    return Called(function, output) if function.interview is None else Interviewed(function, output)

"""The seam between labeling functions and votes: whoever is asked, the asking is the same."""

from __future__ import annotations

from tacit.asking.ballots import Voter
from tacit.asking.called import Called
from tacit.asking.interviewed import Interviewed
from tacit.asking.prompts import Answerable
from tacit.errors import NotLearnable
from tacit.functions import LabelingFunction
from tacit.types import Kind

__all__ = ["voter"]


def voter(function: LabelingFunction, output: Kind) -> Voter:
    """A labeling function, ready to be asked: it is called, or its language model is.

    Raises:
        NotLearnable: A language model cannot be asked for such an answer.
    """
    if function.interview is None:
        return Called(function, output)
    if not isinstance(output, Answerable):
        raise NotLearnable(
            f"{function.name} asks a language model for {output}",
            right="language models are asked for a class, a set of classes or a number",
            where=function.where,
            next=f"write {function.name} without llm=",
        )
    return Interviewed(function, output)

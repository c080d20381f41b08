"""Scaffold: the verb new, which makes a project, either a small example or one like a data file."""

from tacit.scaffold.making import Made, candidates, new
from tacit.scaffold.proposing import Proposal

__all__ = ["Made", "Proposal", "candidates", "new"]

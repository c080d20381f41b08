"""Labeling functions being asked: those that are Python are called, in the stead of the others a language model is asked."""

from tacit.asking.ballots import FAILED, SHOWN, SPOILED, UNASKED, Ballot, Failure, Tokens, Voter
from tacit.asking.called import members
from tacit.asking.fingerprints import fingerprint
from tacit.asking.values import blank, classes_of
from tacit.asking.voters import voter

__all__ = [
    "FAILED",
    "SHOWN",
    "SPOILED",
    "UNASKED",
    "Ballot",
    "Failure",
    "Tokens",
    "Voter",
    "blank",
    "classes_of",
    "fingerprint",
    "members",
    "voter",
]

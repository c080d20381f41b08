"""The search: learners from cheap to dear, on few rows and then on more, always holding the best so far."""

from tacit.ladder.asking import chosen, learnable
from tacit.ladder.climbs import Climb
from tacit.ladder.mixing import USUAL, Mix, Mixed, mix, weights
from tacit.ladder.replaying import replay, split
from tacit.ladder.search import climb
from tacit.ladder.trials import Trial
from tacit.ladder.worst import Strata, Worst, balanced, scored, worst

__all__ = [
    "USUAL",
    "Climb",
    "Mix",
    "Mixed",
    "Strata",
    "Trial",
    "Worst",
    "balanced",
    "chosen",
    "climb",
    "learnable",
    "mix",
    "replay",
    "scored",
    "split",
    "weights",
    "worst",
]

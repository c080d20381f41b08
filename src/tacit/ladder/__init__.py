"""The search: learners from cheap to dear, on few rows and then on more, always holding the best so far."""

from tacit.ladder.asking import learnable
from tacit.ladder.search import Climb, climb, replay
from tacit.ladder.trials import Trial

__all__ = ["Climb", "Trial", "climb", "learnable", "replay"]

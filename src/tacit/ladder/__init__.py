"""The search: learners from cheap to dear, on few rows and then on more, always holding the best so far."""

from tacit.ladder.asking import learnable
from tacit.ladder.climbs import Climb
from tacit.ladder.replaying import replay
from tacit.ladder.search import climb
from tacit.ladder.trials import Trial

__all__ = ["Climb", "Trial", "climb", "learnable", "replay"]

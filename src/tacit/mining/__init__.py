"""What helps people to write labeling functions: where they disagree, what none covers, and candidates mined from the examples."""

from tacit.mining.candidates import Candidate, candidates
from tacit.mining.conflicts import Conflict, conflicts
from tacit.mining.finding import Cues, find_cues
from tacit.mining.mined import Mined, mine
from tacit.mining.regions import Region, regions

__all__ = ["Candidate", "Conflict", "Cues", "Mined", "Region", "candidates", "conflicts", "find_cues", "mine", "regions"]

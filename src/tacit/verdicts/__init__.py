"""What the votes on examples come to: one verdict for each kind of answer, which says what is learned from and what each function does."""

from tacit.verdicts.contract import Said, Verdict
from tacit.verdicts.reached import reached

__all__ = ["Said", "Verdict", "reached"]

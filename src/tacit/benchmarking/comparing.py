"""Two arms of a ledger, and whether one is faster, slower, or nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tacit.benchmarking.ledger import ledger_of
from tacit.benchmarking.picking import picked
from tacit.benchmarking.policies import check_policy
from tacit.benchmarking.records import Record
from tacit.benchmarking.results import Standing, standing
from tacit.errors import ArtifactError, OptionError
from tacit.project import current
from tacit.stability import Generalization, generalization, pairs, unpaired
from tacit.validation import Validation, row_score

__all__ = ["Verdict", "compare"]


@dataclass(frozen=True)
class Verdict:
    """Two arms, side by side.

    Attributes:
        before, after: What both come to.
        verdict: Of `after`, in seconds that count, of runs that reached the target: "faster", "slower" or "can't tell".
        ratio: The seconds of `after` over those of `before`, as a geometric mean; None where one of them never reached its target.
        interval: Where the ratio lies with a probability of 95 %.
        n: How many pairs, or else how many runs of the arm that has fewer.
        paired: Whether the runs that are compared ran one right after the other.
        why: Why nobody can tell, where that is not for chance alone.
        generalization: What a model loses on test rows, beside the other; None where single rows are not on this machine.
        notes: What a reader should know.
    """

    before: Standing
    after: Standing
    verdict: str
    ratio: float | None
    interval: tuple[float, float] | None
    n: int
    paired: bool
    why: str | None
    generalization: Generalization | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.after.name} beside {self.before.name}: {self.verdict}" + (f", since {self.why}" if self.why else "")]
        if self.ratio is not None:
            how = "pairs, one right after the other" if self.paired else "runs each, not in turn"
            within = "" if self.interval is None else f"; 95 %: {self.interval[0]:.3f} to {self.interval[1]:.3f}"
            lines.append(f"{self.ratio:.3f} times the seconds (n = {self.n} {how}{within})")
        lines += [f"{s.name}: {s.spread}" for s in (self.before, self.after)]
        if self.generalization is not None:
            told, (low, high) = self.generalization, self.generalization.interval
            lines.append(
                f"from its own evaluation rows to test rows {self.after.name} loses {told.loss:.4f}, {self.before.name} "
                f"{told.usual_loss:.4f}: {told.excess:+.4f} (95 %: {low:+.4f} to {high:+.4f})"
            )
        return "\n".join(lines + [f"note: {note}" for note in self.notes])

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare(before: str, after: str, *, policy: str = "all") -> Verdict:
    """Compare two arms of the project's ledger, or of others.

    Runs of one session that had their turn together are compared pair by pair, by Student's t-test of the logarithms of their
    ratios; where there are fewer than two such pairs, all runs by Welch's (1947). Of different machines nothing is said.

    Arguments:
        before, after: "BENCHMARK/ARM", or "FILE:BENCHMARK/ARM" of another ledger; the arm may be left out where there is one.
        policy: Which phases count; see `tacit.benchmarking.policies`.

    Raises:
        OptionError: There is no such benchmark, arm or policy; or the two have not the same task, metric and target.
        FileError: A ledger cannot be read.
    """
    policy = check_policy(policy)
    (a, odd), (b, more) = picked(before), picked(after)
    first, second = standing(a, policy), standing(b, policy)
    asked = {(r.task, r.metric, r.target) for r in (*a, *b)}
    if len(asked) > 1:
        told = [f"{task} to {metric} {target:g}" if target is not None else f"{task}, {metric}" for task, metric, target in asked]
        raise OptionError(
            f"{before} and {after} are not of one question: {' and '.join(sorted(told))}",
            right="time to a target is compared for one task, one metric and one target",
            next="tacit bench board",
        )
    couples, paired = _couples(a, b, policy)
    why = _why_not(a, b, first, second)
    ratio = interval = None
    verdict = "can't tell"
    if couples is not None and why is None:
        ratio, interval = couples
        if interval is not None and not interval[0] <= 1 <= interval[1]:
            verdict = "faster" if interval[1] < 1 else "slower"
    n = paired or min(first.spread.converged, second.spread.converged)
    notes = [*dict.fromkeys([*odd, *more]), *_notes(a, b, first, second)]
    return Verdict(first, second, verdict, ratio, interval, n, bool(paired), why, _generalization(a, b), tuple(notes))


_Ratio = tuple[float, tuple[float, float] | None]


def _couples(a: Sequence[Record], b: Sequence[Record], policy: str) -> tuple[_Ratio | None, int]:
    """The ratio with its interval, and the number of pairs; 0 pairs where runs were not measured in turn."""
    mine, theirs = _times(a, policy), _times(b, policy)
    together = [key for key in mine if key in theirs]
    if len(together) > 1:
        found = pairs([mine[key] for key in together], [theirs[key] for key in together])
        return (found.ratio, found.interval), len(together)
    return unpaired(list(mine.values()), list(theirs.values())), 0


def _times(records: Sequence[Record], policy: str) -> dict[tuple[str, int], float]:
    """Session and turn -> seconds to the target."""
    taken = {(r.session, r.turn): r.seconds_to(r.target, policy) for r in records if r.target is not None}
    return {key: seconds for key, seconds in taken.items() if seconds is not None}


def _why_not(a: Sequence[Record], b: Sequence[Record], first: Standing, second: Standing) -> str | None:
    """Why times cannot be compared at all."""
    machines = {tuple(sorted((k, str(v)) for k, v in r.machine.items() if k in ("processor", "cores"))) for r in (*a, *b)}
    if len(machines) > 1:
        return "they did not run on the same machine"
    never = [s.name for s in (first, second) if not s.spread.converged]
    if never:
        return f"{' and '.join(never)} never reached the target"
    if len({r.data for r in (*a, *b) if r.data}) > 1:
        return "they did not learn from the same rows"
    return None


def _notes(a: Sequence[Record], b: Sequence[Record], first: Standing, second: Standing) -> list[str]:
    found = []
    if first.spread.share != second.spread.share:
        found.append(
            "only runs that reached the target are timed: "
            + ", ".join(f"{s.name} {s.spread.converged} of {s.spread.n}" for s in (first, second))
        )
    versions, commits = len({tuple(sorted(r.versions.items())) for r in (*a, *b)}), len({r.commit for r in (*a, *b)})
    found += [f"the runs have {n} different {what}" for n, what in ((versions, "versions"), (commits, "commits")) if n > 1]
    found += [f"up to {s.others:.0%} of the machine did other work during runs of {s.name}" for s in (first, second) if s.crowded]
    return found


def _generalization(a: Sequence[Record], b: Sequence[Record]) -> Generalization | None:
    """What the models of `b` lose on test rows beside those of `a`, row by row, averaged over runs."""
    model, usual = _rows(b), _rows(a)
    if model is None or usual is None:
        return None
    (own, fresh), (usual_own, usual_fresh) = model, usual
    both = [sorted(a.keys() & b.keys()) for a, b in ((own, usual_own), (fresh, usual_fresh))]
    # How hard a row is falls out of pairs; without them it must not be that one model was asked other rows.
    paired = all(
        2 * len(ids) >= max(len(a), len(b)) for ids, a, b in zip(both, (own, fresh), (usual_own, usual_fresh), strict=True)
    )
    sides = [(own, both[0]), (fresh, both[1]), (usual_own, both[0]), (usual_fresh, both[1])]
    arrays = [[side[id] for id in (ids if paired else sorted(side))] for side, ids in sides]
    return generalization(*arrays, paired=paired) if min(map(len, arrays)) > 1 else None


def _rows(records: Sequence[Record]) -> tuple[dict[str, float], dict[str, float]] | None:
    """Example -> how well it was answered on the mean of the runs, of the own evaluation rows and of the test rows."""
    ledger = ledger_of(current())
    sums: tuple[dict[str, list[float]], dict[str, list[float]]] = ({}, {})
    for record in records:
        for name, into in zip(("own", "fresh"), sums, strict=True):
            try:
                told = Validation.read(ledger.folder(record.id), name)
            except ArtifactError:
                continue
            for id, value in zip(told.ids, told.scores[row_score(record.metric)].tolist(), strict=True):
                into.setdefault(id, []).append(value)
    own, fresh = ({id: sum(values) / len(values) for id, values in side.items()} for side in sums)
    return (own, fresh) if own and fresh else None

"""Which runs of a ledger are meant by a name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tacit.arguments import checked
from tacit.benchmarking.ledger import Ledger, ledger_of
from tacit.benchmarking.records import Record
from tacit.benchmarking.results import Benchmark
from tacit.errors import OptionError, nearest, quote
from tacit.project import current

__all__ = ["board", "picked"]


def picked(name: str) -> tuple[list[Record], list[str]]:
    """The runs of one arm, and what is odd about its ledger.

    Arguments:
        name: "BENCHMARK/ARM" of the project's ledger, or "FILE:BENCHMARK/ARM" of another; the arm may be left out where there is one.

    Raises:
        OptionError: There is no such ledger, benchmark or arm, or several arms.
        FileError: The ledger cannot be read.
    """
    records, odd, wanted = _read(name)
    found = [r for r in records if wanted in (r.name, r.benchmark)]
    arms = sorted({r.name for r in found})
    if len(arms) == 1:
        return found, odd
    raise _unknown(wanted, arms or sorted({r.name for r in records}), bool(arms))


@checked
def board(*names: str, policy: str = "all") -> Benchmark:
    """The runs of some benchmarks or arms, or of all that the project's ledger has, with what they come to, the soonest first.

    Arguments:
        names: "BENCHMARK", "BENCHMARK/ARM", or either after "FILE:" of another ledger.
        policy: Which phases count; see `tacit.benchmarking.policies`.

    Raises:
        OptionError: There is no such policy, ledger, benchmark or arm, or the ledger has no run.
        FileError: A ledger cannot be read.
    """
    records: list[Record] = []
    odd: list[str] = []
    for name in names or ("",):
        there, more, wanted = _read(name)
        some = [r for r in there if wanted in ("", r.name, r.benchmark)]
        if not some:
            raise _unknown(wanted, sorted({r.benchmark for r in there}), False)
        records += [r for r in some if r not in records]
        odd += more
    return Benchmark(tuple(records), policy, tuple(dict.fromkeys(odd)))


def _read(name: str) -> tuple[list[Record], list[str], str]:
    """All runs of the ledger that a name speaks of, what is odd about it, and the name without its file."""
    file, colon, wanted = name.rpartition(":")
    ledger = Ledger(Path(file), current().hidden / "bench") if colon else ledger_of(current())
    if not ledger.file.exists():
        raise OptionError(
            f"there is no ledger {ledger.file}", right="runs are written into it", next="tacit bench run TASK --target SCORE"
        )
    records, odd = ledger.read()
    return records, odd, wanted


def _unknown(wanted: str, known: Sequence[str], several: bool) -> OptionError:
    return OptionError(
        f"{quote(wanted)} has {len(known)} arms" if several else f"the ledger has no benchmark {quote(wanted)}",
        right=f"it is one of {', '.join(known)}" if known else "it has no run yet",
        next=f"name {known[0] if several else nearest(wanted, known) or known[0]}"
        if known
        else "tacit bench run TASK --target SCORE",
    )

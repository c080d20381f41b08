"""Which phases of a run count: what one benchmark times, another leaves out, so the ledger has all and a policy chooses."""

from __future__ import annotations

from collections.abc import Mapping

from tacit.errors import OptionError, nearest, quote

__all__ = ["PHASES", "POLICIES", "check_policy", "counted", "folded"]

PHASES = ("init", "load", "compile", "train", "eval", "save")
"""Starting Python and loading libraries; reading the rows; compiling; fitting; predicting and scoring; writing the model."""

POLICIES: dict[str, frozenset[str]] = {
    "all": frozenset(PHASES),
    "dawnbench": frozenset({"init", "load", "compile", "train"}),
    "mlperf": frozenset({"load", "train", "eval", "save"}),
    "train": frozenset({"train"}),
}
"""Name -> the phases that count. DAWNBench lets validation and checkpoints be left out and wants initialization in; MLPerf
Training starts its clock when the data is first touched, and keeps evaluation on it (research: benchmark anchors, 1 and 5)."""


def check_policy(name: str) -> str:
    """The name, if there is such a policy. Raises `OptionError`."""
    if name not in POLICIES:
        raise OptionError(
            f"there is no policy {quote(name)}",
            right="; ".join(f"{policy} counts {', '.join(p for p in PHASES if p in some)}" for policy, some in POLICIES.items()),
            next=f"--policy {nearest(name, POLICIES) or 'all'}",
        )
    return name


def counted(phases: Mapping[str, float], policy: str) -> float:
    """The seconds that count."""
    some = POLICIES[policy]
    return sum(seconds for name, seconds in phases.items() if name in some)


def folded(seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds of a `Stopwatch` -> seconds of each of `PHASES`.

    The innermost phase that is one of them has the time: "train/eval" is evaluation, "train/forward" training, and what
    is in none of them is initialization.

    Example:
        >>> folded({"": 1.0, "train": 2.0, "train/forward": 3.0, "train/eval": 4.0})["train"]
        5.0
    """
    found = dict.fromkeys(PHASES, 0.0)
    for path, spent in seconds.items():
        found[next((part for part in reversed(path.split("/")) if part in found), "init")] += spent
    return found

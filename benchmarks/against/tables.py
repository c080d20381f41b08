"""The tables in Markdown, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from against import ledger
from against.ledger import Key, Row, Summary
from against.works import GROUPS, TACIT, Arm, Work

Latest = dict[Key, Row]

ALONE = 0.15
"""Others may compute so many seconds of each second of a command before its row is named."""


def found(done: Latest, work: Work, arm: Arm, seeds: Sequence[int]) -> list[Row]:
    keys = (Key(work.name, arm.name, seed, arm.budget) for seed in seeds)
    return [done[k] for k in keys if k in done]


def gap(done: Latest, work: Work, ours: Arm, peers: Sequence[Arm], seeds: Sequence[int]) -> tuple[float, str, int] | None:
    """The mean, over the seeds that both have, of our score less the best peer's; that peer's name; and how many seeds.

    The best peer is the one with the best mean over those seeds, so no peer is chosen by luck seed by seed.
    """
    best: tuple[float, str, int] | None = None
    for peer in peers:
        both = [
            s for s in seeds if all(Key(work.name, a.name, s, a.budget) in done for a in (ours, peer))
        ]  # the same rows only: other seeds are other rows
        if both:
            mine, theirs = (found(done, work, arm, both) for arm in (ours, peer))
            lead = sum(float(m["score"]) - float(t["score"]) for m, t in zip(mine, theirs, strict=True)) / len(both)
            if best is None or lead < best[0]:
                best = lead, peer.label, len(both)
    return best


def _plus_minus(s: Summary) -> str:
    return f"{s.mean:.4f}" + (f" (sd {s.sd:.4f})" if s.sd is not None else "")


def _work(done: Latest, work: Work, seeds: Sequence[int]) -> Iterator[str]:
    ours = [a for a in work.arms if a.name == TACIT]
    peers = [a for a in work.arms if a.name != TACIT]
    for arm in work.arms:
        s = ledger.summary(found(done, work, arm, seeds))
        if s is None:
            continue
        ahead = gap(done, work, arm, peers, seeds) if arm in ours else None
        lead = f"{ahead[0]:+.4f} to {ahead[1]}" + (f" (n={ahead[2]})" if ahead[2] != s.n else "") if ahead else ""
        yield (
            f"| {work.name} | {arm.label} | {_plus_minus(s)} | {s.n} | {s.train_s:.1f} | {s.seconds:.1f} | "
            f"{s.peak_mb / 1000:.2f} | {lead} |"
        )


def _means(done: Latest, works: Sequence[Work], seeds: Sequence[int]) -> Iterator[str]:
    """Over the works of a group: the mean lead of each of our budgets over the best peer of each work."""
    budgets = dict.fromkeys(a.budget for w in works for a in w.arms if a.name == TACIT)
    for budget in budgets:
        leads = []
        for work in works:
            peers = [a for a in work.arms if a.name != TACIT]
            for ours in (a for a in work.arms if a.name == TACIT and a.budget == budget):
                ahead = gap(done, work, ours, peers, seeds)
                if ahead:
                    leads.append(ahead[0])
        if len(leads) > 1:
            yield f"tacit @ {budget:g} s, mean lead over the best peer of each work: {sum(leads) / len(leads):+.4f} ({len(leads)} works)"


def reached(done: Latest, work: Work, peer: Arm, seeds: Sequence[int]) -> tuple[Summary, Arm | None, Summary | None] | None:
    """What a peer scores, and the smallest of our budgets whose mean over the same seeds is no worse, if there is one."""
    budgets = sorted((a for a in work.arms if a.name == TACIT), key=lambda a: a.budget)
    theirs: Summary | None = None
    for ours in budgets:
        both = [s for s in seeds if all(Key(work.name, a.name, s, a.budget) in done for a in (ours, peer))]
        theirs, mine = (ledger.summary(found(done, work, arm, both)) for arm in (peer, ours))
        if theirs and mine and mine.mean >= theirs.mean:
            return theirs, ours, mine
    theirs = ledger.summary(found(done, work, peer, seeds)) if theirs is None else theirs
    return (theirs, None, None) if theirs and any(found(done, work, a, seeds) for a in budgets) else None


def _reached(done: Latest, works: Sequence[Work], seeds: Sequence[int]) -> Iterator[str]:
    for work in works:
        for peer in (a for a in work.arms if a.name != TACIT):
            said = reached(done, work, peer, seeds)
            if said:
                theirs, arm, mine = said
                us = f"{mine.mean:.4f} @ {arm.budget:g} s | {mine.seconds:.1f}" if arm and mine else "not reached |"
                yield f"| {work.name} | {peer.label} | {theirs.mean:.4f} | {theirs.seconds:.1f} | {us} |"


def _holds(done: Latest, works: Sequence[Work]) -> str | None:
    """How many of our claimed intervals hold the score on fresh rows."""
    asked = {(w.name, a.name, a.budget) for w in works for a in w.arms if a.name == TACIT}
    claims = [r for k, r in done.items() if (k.work, k.arm, k.budget) in asked and (r.get("notes") or {}).get("interval")]
    if not claims:
        return None
    inside = sum(r["notes"]["interval"][0] <= r["score"] <= r["notes"]["interval"][1] for r in claims)
    return f"The claimed 95 % interval of tacit held the score on the test rows in {inside} of {len(claims)} runs."


def tables(rows: Sequence[Row], seeds: Sequence[int], groups: Sequence[str] = ()) -> str:
    done = ledger.latest(rows)
    out = []
    for group, works in GROUPS.items():
        if groups and group not in groups:
            continue
        lines = [line for work in works for line in _work(done, work, seeds)]
        if lines:
            head = [
                "| work | arm | score | n | training, s | whole, s | peak, GB | lead |",
                "| --- | --- | --- | --- | --- | --- | --- | --- |",
            ]
            out += [f"### {group}", "", *head, *lines, "", *_means(done, works, seeds)]
            out += [""] if out[-1] else []
            level = list(_reached(done, works, seeds))
            if level:
                out += [
                    "| work | peer | its score | its seconds | tacit, no worse | seconds |",
                    "| --- | --- | --- | --- | --- | --- |",
                ]
                out += [*level, ""]
            holds = _holds(done, works)
            out += [holds, ""] if holds else [""]
    if done:
        most = max(done.items(), key=lambda kr: float(kr[1]["peak_rss_mb"]))
        out += [
            f"The largest peak of memory: {float(most[1]['peak_rss_mb']) / 1000:.2f} GB, {most[0].arm} on {most[0].work}.",
            "",
        ]
    again = [
        f"| {k.work} | {k.arm} @ {k.budget:g} s | {k.seed} | {', '.join(format(r['score'], '.4f') for r in runs)} | "
        f"{', '.join(format(r['seconds'], '.1f') for r in runs)} |"
        for k, runs in ledger.repeated(rows).items()
    ]
    if again:
        out += [
            "### run more than once",
            "",
            "| work | arm | seed | scores | whole, s |",
            "| --- | --- | --- | --- | --- |",
            *again,
            "",
        ]
    beside = [
        (k, row["others_cpu_s"], row["wall_s"])
        for k, row in done.items()
        if (row.get("others_cpu_s") or 0) > ALONE * row["wall_s"]
    ]
    if beside:
        out += ["### measured beside other work, so their seconds are too many", ""]
        out += [
            f"- {k.work}, {k.arm} @ {k.budget:g} s, seed {k.seed}: others computed {o:.0f} s of {w:.0f}" for k, o, w in beside
        ]
        out += [""]
    bad = [f"- {k.work}, {k.arm} @ {k.budget:g} s, seed {k.seed}: {row.get('why')}" for k, row in ledger.failed(rows).items()]
    if bad:
        out += ["### never finished", "", *bad, ""]
    return "\n".join(out).strip()

"""tacit against its peers, work by work: what the ledger holds, what it lacks, and how to fill it.

    make peers                                  the peers, each in an environment of its own
    python benchmarks/show.py                   the tables, in Markdown
    python benchmarks/show.py --plan            what is missing, and how long it will take
    python benchmarks/show.py --run             run what is missing, one command at a time; Ctrl-C and --run again go on
    python benchmarks/show.py --run --groups records --arms peers --seeds 0,1,2 --lock FILE

Every command is one line of benchmarks/ledger.jsonl, which is only appended to. What finished is not run again, whatever the
commit, unless --again; what failed is run again with --retry; what was interrupted is run again.
"""

from __future__ import annotations

import argparse
import datetime
import shlex
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from against import ledger, turns
from against.ledger import Key, Row
from against.tables import tables
from against.works import GROUPS, Arm, Work, picked

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".peers"
SCRIPTS = ROOT / "benchmarks" / "peers"
LEDGER = ROOT / "benchmarks" / "ledger.jsonl"
Command = tuple[str, Work, int, Arm]


def key(command: Command) -> Key:
    _, work, seed, arm = command
    return Key(work.name, arm.name, seed, arm.budget)


def python_of(arm: Arm) -> Path:
    return PEERS / arm.env / "bin" / "python" if arm.env else Path(sys.executable)


def takes(rows: Sequence[Row]) -> dict[tuple[str, str, float], float]:
    """Wall seconds of each arm of each work, as the ledger knows them."""
    seen: dict[tuple[str, str, float], list[float]] = {}
    for row in rows:
        if ledger.finished(row):
            seen.setdefault((row["work"], row["arm"], float(row["budget"])), []).append(float(row["wall_s"]))
    return {k: statistics.median(v) for k, v in seen.items()}


def expected(command: Command, known: dict[tuple[str, str, float], float]) -> float:
    _, work, _, arm = command
    return known.get((work.name, arm.name, arm.budget), arm.guess)


def commit() -> tuple[str, bool]:
    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False).stdout.strip()

    changed = [line for line in git("status", "--porcelain").splitlines() if not line.endswith("benchmarks/ledger.jsonl")]
    return git("rev-parse", "--short", "HEAD") or "unknown", bool(changed)


def one(command: Command, rows_folder: Path, session: str) -> Row:
    """Run one command and say how it went, as a row of the ledger."""
    from tacit.provenance import machine

    _, work, seed, arm = command
    options = ["--budget", f"{arm.budget:g}", "--seed", str(seed), *arm.options]
    real = [str(python_of(arm)), str(SCRIPTS / arm.script), "--data", str(rows_folder), *options]
    head, dirty = commit()
    row: Row = {
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "session": session,
        "machine": {k: v for k, v in machine().items() if k in ("processor", "cores", "memory_gb", "python")},
        "commit": head,
        "dirty": dirty,
        "work": work.name,
        "arm": arm.name,
        "seed": seed,
        "budget": arm.budget,
        "command": shlex.join(["python", f"benchmarks/peers/{arm.script}", "--data", f"ROWS/{rows_folder.name}", *options]),
    }
    try:
        ended = turns.run(real, limit_s=4 * arm.budget + 300)
    except (KeyboardInterrupt, SystemExit):
        return {**row, "returncode": 130, "why": ledger.INTERRUPTED}
    used = {"wall_s": ended.wall_s, "cpu_s": ended.cpu_s, "others_cpu_s": ended.others_cpu_s, "peak_rss_mb": ended.peak_rss_mb}
    figures = {**used, **ended.said}
    return {**row, "returncode": ended.returncode if ended.said else ended.returncode or 1, "why": ended.why, **figures}


def run(commands: Sequence[Command], rows: list[Row], asked: Any) -> None:
    from against.prepare import prepare

    known, session = takes(rows), datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    for done, command in enumerate(commands):
        left = sum(expected(c, known) for c in commands[done:])
        _, work, seed, arm = command
        folder = prepare(work, seed, asked.data, PEERS / "rows")
        print(
            f"{done + 1}/{len(commands)}  about {minutes(left)} left  {work.name}, {arm.label}, seed {seed}", end="", flush=True
        )
        waited = time.monotonic()
        with turns.turn(asked.lock):
            waited = time.monotonic() - waited
            row = one(command, folder, session)
        ledger.append(asked.ledger, row)
        rows.append(row)
        if row["why"] == ledger.INTERRUPTED:
            print()
            sys.exit("stopped; that command is noted and will be run again.  next: python benchmarks/show.py --run")
        known = takes(rows)
        said = f"{row['score']:.4f} in {row['seconds']:.1f} s" if ledger.finished(row) else f"failed: {row['why']}"
        print(f"  {said}, {row['peak_rss_mb'] / 1000:.2f} GB" + (f" (waited {waited:.0f} s)" if waited > 1 else ""), flush=True)


def minutes(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"


def plan(commands: Sequence[Command], rows: Sequence[Row]) -> str:
    known, out = takes(rows), []
    for group in GROUPS:
        some = [c for c in commands if c[0] == group]
        if some:
            whose = sum(expected(c, known) for c in some if c[3].name == "tacit")
            total = sum(expected(c, known) for c in some)
            out.append(f"{group:8} {len(some):3} commands, about {minutes(total)}, {minutes(whose)} of it tacit's")
    total = sum(expected(c, known) for c in commands)
    return "\n".join([*out, f"{len(commands)} commands to run, about {minutes(total)}.  next: python benchmarks/show.py --run"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder of the data sets")
    parser.add_argument("--ledger", type=Path, default=LEDGER)
    parser.add_argument("--groups", help=f"some of {','.join(GROUPS)}")
    parser.add_argument("--works", help="some of the works, by name")
    parser.add_argument("--arms", help='"tacit", "tacit@30", "peers", or parts of names')
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--run", action="store_true", help="run what is missing")
    parser.add_argument("--plan", action="store_true", help="what is missing, and how long it would take")
    parser.add_argument("--again", action="store_true", help="also what finished or failed before; the last row counts")
    parser.add_argument("--retry", action="store_true", help="also what failed before")
    parser.add_argument("--most", type=int, help="stop after so many commands")
    parser.add_argument("--lock", type=Path, help="hold this file during every command, as flock(1) does")
    asked = parser.parse_args()
    seeds = [int(s) for s in asked.seeds.split(",")]
    rows = ledger.read(asked.ledger)
    done = ledger.latest(rows)
    bad = {k for k, row in ledger.failed(rows).items() if row["why"] != ledger.INTERRUPTED}
    all_of = list(picked(asked.groups, asked.works, asked.arms, seeds))
    wanted = [c for c in all_of if asked.again or (key(c) not in done and (asked.retry or key(c) not in bad))]
    absent = sorted({c[3].env for c in wanted if not python_of(c[3]).exists()})
    commands = [c for c in wanted if c[3].env not in absent][: asked.most]
    if absent:
        print(f"without {', '.join(absent)}, which are not installed.  next: make peers", file=sys.stderr)
    if asked.run:
        if not asked.data.is_dir():
            sys.exit(f"{asked.data} is no folder; the data sets are not on this machine.  next: give their folder with --data")
        run(commands, rows, asked)
    elif asked.plan:
        print(plan(commands, rows))
    else:
        print(tables(rows, seeds, asked.groups.split(",") if asked.groups else ()) or "The ledger is empty.")
        print(f"\n{len(wanted)} commands are missing.  next: python benchmarks/show.py --plan")


if __name__ == "__main__":
    # Told to stop, it stops the command as well, instead of leaving it to run alone.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()

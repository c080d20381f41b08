"""Answers of crowds -> labels: accuracy and seconds, beside crowd-kit's majority vote and Dawid-Skene on the same answers.

    make peers
    python benchmarks/crowds.py ../shared/data/crowd_*

A folder has answers.parquet (item, worker, label) and gold.parquet (item, gold). Ties are broken as each library does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from pathlib import Path

import pandas as pd

from tacit.labels import aggregate_answers

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".peers" / "crowdkit" / "bin" / "python"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    for folder in parser.parse_args().folders:
        answers, gold = (pd.read_parquet(folder / f"{name}.parquet") for name in ("answers", "gold"))
        truth = {str(item): str(label) for item, label in zip(gold["item"], gold["gold"], strict=True)}
        rows, items = pd.factorize(answers["item"])
        people, _ = pd.factorize(answers["worker"])
        said, classes = pd.factorize(answers["label"].astype(str))
        began = time.perf_counter()
        found = aggregate_answers(rows, people, said, len(classes))
        took = time.perf_counter() - began
        ours = {str(i): classes[c] for i, c in zip(items, found.probabilities.argmax(1), strict=True)}
        told = {f"tacit, {found.method}": {"seconds": took, "labels": ours}}
        if PEER.exists():
            script = ROOT / "benchmarks" / "peers" / "by_crowdkit.py"
            peer = subprocess.run([PEER, script, folder], check=True, capture_output=True, text=True)
            told |= {f"crowd-kit, {name}": one for name, one in json.loads(peer.stdout).items()}
        judged = [item for item in truth if item in ours]
        for name, one in told.items():
            right = sum(one["labels"][item] == truth[item] for item in judged)
            print(f"{folder.name}: {name}: {right} of {len(judged):,} right ({right / len(judged):.4f}), {one['seconds']:.2f} s")


if __name__ == "__main__":
    main()

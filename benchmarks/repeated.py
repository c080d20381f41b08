"""Repeated rows among 100,000 texts and 100,000 vectors, with planted near copies: seconds, peak memory, and how many are found.

    python benchmarks/repeated.py [--rows 100000] [--times 3]

Texts are made up of 15 words each, drawn by Zipf's law; one in twenty is a copy of another with one character changed, and tests.
Vectors are normal, 64 wide; one in a hundred is a copy of another that is .008 away.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

import numpy as np

from tacit.audits import repeated_features, repeated_texts
from tacit.provenance import machine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    rng, n = np.random.default_rng(0), asked.rows
    words = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), rng.integers(2, 9))) for _ in range(5000)]
    share = 1 / np.arange(1, 5001)
    copies = n // 20
    texts = [" ".join(rng.choice(words, 15, p=share / share.sum())) for _ in range(n - copies)]
    texts += [f"{t[:at]}Q{t[at + 1 :]}" for t in texts[:copies] if (at := int(rng.integers(len(t)))) >= 0]
    x = rng.normal(size=(n, 64)).astype(np.float32)
    x[-(n // 100) :] = x[: n // 100] + 0.001
    print(machine())
    arms = (
        ("texts", copies, lambda: repeated_texts(texts, test=np.arange(n) >= n - copies)),
        ("vectors within .1", n // 100, lambda: repeated_features(x, 0.1, test=np.arange(n) >= n - n // 100)),
        ("vectors within 1", n // 100, lambda: repeated_features(x, 1.0, test=np.arange(n) >= n - n // 100)),
    )
    for name, planted, work in arms:
        took = []
        for _ in range(asked.times):
            began = time.perf_counter()
            found = work()
            took.append(time.perf_counter() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{n:,} {name}: {statistics.median(took):.1f} s ({min(took):.1f} to {max(took):.1f}, n = {asked.times}); {len(found.leaks):,} leaks "
            f"of {planted:,} planted, {len(found.pairs):,} pairs; peak so far {peak:,.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()

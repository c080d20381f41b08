"""Half of CIFAR-10, chosen by a small proxy: what the target loses, and what the whole takes.

    python benchmarks/coreset.py DATA_FOLDER [--keep 0.5] [--seeds 3] [--rows 10000] [--methods forgetting,uniform]

Each seed has 10,000 training images that no other has, and the test images are the set's own. The target is `convnet` at its first
settings, fitted on all rows and on those that are kept, as many epochs each; the proxy is `convnet-small`. What choosing took is
counted with what the smaller fit took. Arms of a seed run one after the other, and everything that was run is printed.
"""

from __future__ import annotations

import argparse
import io
import time
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as Pictures

from tacit.condensers import METHODS, Look
from tacit.learners import Cache, Data, get
from tacit.provenance import machine
from tacit.types import Category, ImageKind

SHARDS = 5


def rows_of(path: Path, most: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Images as arrays, and their labels."""
    frame = pd.read_parquet(path)[:most]
    images = [np.asarray(Pictures.open(io.BytesIO(cell)).convert("RGB")) for cell in frame["image"]]
    return images, frame["label"].to_numpy(dtype=str)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=float, default=0.5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--methods", type=lambda text: text.split(","), default=["forgetting", "uniform"])
    options = parser.parse_args()
    print(
        f"{machine()}\n\n| seed | kept by | rows | choosing, s | fit, s | score |\n| --- | --- | --- | --- | --- | --- |",
        flush=True,
    )
    target = get("convnet")
    for seed in range(options.seeds):
        images, labels = rows_of(options.data / "cifar10" / f"train-{seed % SHARDS:05d}-of-{SHARDS:05d}.parquet", options.rows)
        seen, truth = rows_of(options.data / "cifar10" / "test-public.parquet", 10**9)
        names = sorted(set(labels))
        shares = np.eye(len(names))[[names.index(label) for label in labels]]
        data = Data({"image": ImageKind()}, {"image": images}, Category(tuple(names), "Literal"), shares, np.ones(len(labels)))
        target.warm_up()
        for method in ["all", *options.methods]:
            began = time.perf_counter()
            kept = np.arange(data.n)
            if method != "all":
                found = METHODS[method](Look(data, "convnet-small", seed), np.arange(data.n), round(options.keep * data.n))
                kept = np.sort(found.rows)
            chosen = time.perf_counter()
            some = data.take(kept)
            model = target.fit(some, target.portfolio(some)[0], seed=seed, cache=Cache())
            fitted = time.perf_counter()
            said = np.array(names)[model.predict({"image": seen}).argmax(axis=1)]
            score = float((said == truth).mean())
            print(
                f"| {seed} | {method} | {len(kept):,} | {chosen - began:.1f} | {fitted - chosen:.1f} | {score:.4f} |", flush=True
            )


if __name__ == "__main__":
    main()

"""A patch is planted into photographs, and looked for: how often it comes first, and what else is called significant.

    python benchmarks/planted_patches.py DATA_FOLDER [--strengths 0.5,0.8,0.9,0.95,0.99] [--learners pixels-linear,convnet-small] [--seeds 5]

Automobiles and trucks of CIFAR-10, some 2,000 images. A magenta patch of 4 x 4 pixels, at another place for each seed, is in that share of
the trucks and in the rest of the automobiles; at .5 it goes with no class, and to find it is a false discovery. A real background, such as the bright
sky over a truck, goes with a class too: what else is significant is counted, with the largest weight that any of it has.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as Pictures

from tacit.cues import Patch, associations
from tacit.learners import Cache, Data, get
from tacit.provenance import machine
from tacit.types import Category, ImageKind

NAMES = ("automobile", "truck")
SIDE, WIDE = 32, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--strengths", type=lambda text: [float(x) for x in text.split(",")], default=[0.5, 0.8, 0.9, 0.95, 0.99])
    parser.add_argument("--learners", type=lambda text: text.split(","), default=["pixels-linear", "convnet-small"])
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    frame = pd.read_parquet(options.data / "cifar10" / "train-00000-of-00005.parquet")
    frame = frame[frame["label"].isin(NAMES)]
    photographs = [np.asarray(Pictures.open(io.BytesIO(cell)).convert("RGB")) for cell in frame["image"]]
    truth = (frame["label"] == NAMES[1]).to_numpy().astype(int)
    print(
        f"{machine()}\n\n| learner | strength | significant | first | reliance | others significant | their largest weight | seeds |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        flush=True,
    )
    for name in options.learners:
        for strength in options.strengths:
            named, first, reliance, others, largest = 0, 0, [], [], 0.0
            for seed in range(options.seeds):
                rng = np.random.default_rng(seed)
                top, left = (int(x) for x in rng.integers(0, SIDE - WIDE + 1, 2))
                hit = rng.random(len(truth)) < np.where(truth == 1, strength, 1 - strength)
                images = [photograph.copy() for photograph in photographs]
                for image, has in zip(images, hit, strict=True):
                    if has:
                        image[top : top + WIDE, left : left + WIDE] = (255, 0, 255)
                data = Data(
                    {"image": ImageKind()}, {"image": images}, Category(NAMES, "Literal"), np.eye(2)[truth], np.ones(len(truth))
                )
                learner = get(name)
                model = learner.fit(data, learner.portfolio(data)[0], seed=seed, cache=Cache())
                found = associations(data.columns, data.kinds, truth, NAMES, model.predict, seed=seed)
                place = Patch("image", top, left, WIDE, (), ())
                planted = [a.significant and a.cue.touches(place) and "magenta" in str(a.cue) for a in found]
                named += any(planted)
                first += bool(planted and planted[0])
                reliance += [a.reliance for a, it in zip(found, planted, strict=True) if it][:1]
                rest = [a.weight for a, it in zip(found, planted, strict=True) if a.significant and not it]
                others.append(len(rest))
                largest = max([largest, *rest])
            mean = f"{np.mean(reliance):.3f}" if reliance else ""
            print(
                f"| {name} | {strength} | {named} | {first} | {mean} | {np.mean(others):.1f} | {largest:.4f} | {options.seeds} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

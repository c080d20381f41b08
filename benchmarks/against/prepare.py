"""The same rows for every arm: `train.parquet`, `test.parquet` and `facts.json` in a folder of a work and a seed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from against.works import Work

LABEL = "label"
MOST_TESTED = 2_000
SHARDS = 5


def folder_of(work: Work, seed: int) -> str:
    return f"{work.name.replace(', ', '-').replace(' ', '-')}-{seed}"


def prepare(work: Work, seed: int, data: Path, home: Path) -> Path:
    """Write the rows if they are not there. The facts are written last: a folder without them is made again."""
    folder = home / folder_of(work, seed)
    facts = folder / "facts.json"
    if facts.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    train, test = split(work, seed, data)
    for name, frame in (("train", train), ("test", test)):
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    said = {"kind": work.kind, "metric": "r2" if work.number else "accuracy", "train": len(train), "test": len(test)}
    facts.write_text(json.dumps(said), encoding="utf-8")
    return folder


def split(work: Work, seed: int, data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """70/30, stratified by class; or `few` of each class and at most 2,000 of the others; or the halves that the set came in."""
    if work.name == "cifar10":
        # Every seed has 10,000 images that no other seed has; the test rows are the set's own.
        train, test = (f"train-{seed % SHARDS:05d}-of-{SHARDS:05d}.parquet", "test-public.parquet")
        return _rows(work, data / work.file / train), _rows(work, data / work.file / test)
    frame = _rows(work, data / work.file)
    if work.few:
        return few(frame, work.few, seed)
    stratify = None if work.number else frame[LABEL]
    train, test = train_test_split(frame, test_size=0.3, random_state=seed, stratify=stratify)
    return train, test


def few(frame: pd.DataFrame, each: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`each` rows of every class, drawn by `seed`, and at most 2,000 of the others."""
    order = frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
    drawn = order.groupby(LABEL).head(each)
    return drawn, order.drop(drawn.index).head(MOST_TESTED)


def _rows(work: Work, file: Path) -> pd.DataFrame:
    frame = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    frame = frame.dropna(subset=[work.label]).reset_index(drop=True)
    truth = frame[work.label] if work.number else frame[work.label].astype(str)
    inputs = frame[list(work.inputs) or [c for c in frame if c != work.label]]
    if work.name == "mnist_10k":
        inputs = pd.DataFrame({"image": [_png(p) for p in frame["pixels"]]})
    return inputs.assign(**{LABEL: truth})


def _png(pixels: bytes) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(np.frombuffer(pixels, np.uint8).reshape(28, 28)).save(out, "PNG")
    return out.getvalue()

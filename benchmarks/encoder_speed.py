"""Texts a second through MiniLM on this machine: the plain way, and tacit's; and whether the vectors are as good.

    python benchmarks/encoder_speed.py [DATA_FOLDER] [--texts 512] [--times 3]

The plain way is that of most code: transformers, float32, batches of 32 in the given order, padded, then the mean. Both ways take
their turns in one run, on the same texts, so that a busy machine is busy for both. Texts are those of rt_polarity if the folder
has them, else made up.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import transformers

from tacit.learners.deep.text import load
from tacit.learners.encoders import text_encoder
from tacit.learners.solver import Design, softmax

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
Way = Callable[[list[str]], np.ndarray]


def texts_of(folder: Path, n: int) -> tuple[list[str], np.ndarray]:
    """Texts, and which of two classes each is of."""
    path = folder / "rt_polarity" / "train.parquet"
    if path.is_file():
        import pandas as pd

        some = pd.read_parquet(path).sample(n, random_state=0)
        return some["text"].tolist(), (some["label"] == "positive").to_numpy().astype(int)
    rng = np.random.default_rng(0)
    words = [f"{a}{b}{c}" for a in "bdfgklmn" for b in "aeiou" for c in ("n", "st", "ll", "rd")]
    label = rng.integers(2, size=n)
    kinds = (words[:100], words[60:])
    return [" ".join(rng.choice(kinds[y], size=rng.integers(5, 45))) for y in label.tolist()], label


def plain(dtype: torch.dtype) -> Way:
    folder = text_encoder("minilm").folder
    cut = transformers.AutoTokenizer.from_pretrained(folder)
    net = transformers.AutoModel.from_pretrained(folder, dtype=dtype).eval()

    def encode(texts: list[str]) -> np.ndarray:
        made = []
        with torch.inference_mode():
            for start in range(0, len(texts), 32):
                given = cut(texts[start : start + 32], padding=True, truncation=True, max_length=256, return_tensors="pt")
                mask = given["attention_mask"][..., None]
                pooled = (net(**given).last_hidden_state.float() * mask).sum(1) / mask.sum(1)
                made.append(torch.nn.functional.normalize(pooled).numpy())
        return np.concatenate(made)

    return encode


def ours() -> Way:
    net = load(text_encoder("minilm"))

    def encode(texts: list[str]) -> np.ndarray:
        found = np.zeros((len(texts), net.width), np.float32)
        for positions, vectors in net.encode(texts):
            found[positions] = vectors
        return found

    return encode


def accuracy(vectors: np.ndarray, label: np.ndarray) -> float:
    """Of a linear model that is fitted to two thirds of the rows, on the others."""
    import scipy.sparse

    n = len(label) * 2 // 3
    around = vectors - vectors[:n].mean(axis=0)
    design = Design(scipy.sparse.csr_matrix((n, 0), dtype=np.float32), around[:n].astype(np.float32))
    found = softmax(design, np.eye(2)[label[:n]], np.ones(n), penalty=0.03)
    return float(((around[n:] @ found.weights + found.bias).argmax(axis=1) == label[n:]).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--texts", type=int, default=512)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    texts, label = texts_of(asked.folder, asked.texts)
    ways: dict[str, Way] = {"plain, float32": plain(torch.float32), "plain, bfloat16": plain(torch.bfloat16), "tacit": ours()}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    vectors = {}
    for name, way in ways.items():
        way(texts[:64])
        vectors[name] = np.zeros(0)
    for _ in range(asked.times):
        for name, way in ways.items():
            began = time.perf_counter()
            vectors[name] = way(texts)
            rates[name].append(len(texts) / (time.perf_counter() - began))
    reference, base = vectors["plain, float32"], rates["plain, float32"]
    print(f"{len(texts)} texts, {asked.times} turns each, {os.cpu_count()} logical processors, torch {torch.__version__}\n")
    print(f"{'way':<18}{'texts/s':>9}{'min':>7}{'max':>7}{'times':>7}{'lowest cosine':>15}{'accuracy':>10}")
    for name, found in rates.items():
        times = statistics.median(a / b for a, b in zip(found, base, strict=True))
        cosine = float((vectors[name] * reference).sum(axis=1).min())
        row = f"{name:<18}{statistics.median(found):>9.0f}{min(found):>7.0f}{max(found):>7.0f}{times:>7.2f}"
        print(f"{row}{cosine:>15.5f}{accuracy(vectors[name], label):>10.3f}")


if __name__ == "__main__":
    sys.exit(main())

"""Texts -> vectors, by a frozen encoder, as fast as a processor can.

Three things make it several times faster than a plain loop, besides bfloat16: each text once; batches of texts that have
exactly the same number of tokens, so that nothing is padded; and attention without a mask. Nothing of this changes what a text
gets: oneDNN's products in bfloat16 are the same, bit by bit, whatever else is in the batch.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from tacit.learners.deep.bert import load_bert, max_tokens, mean_pool, tokenizer
from tacit.learners.deep.counting import counted
from tacit.learners.encoders import Pretrained, config_of, width_of

__all__ = ["Net", "batches", "load", "one_thread"]

_TOKENS = 2048
"""Of a batch: more are not faster, fewer take more steps."""

_AT_ONCE = 20_000
_MOST_THREADS = 16

_CHARACTERS = 40
"""For each token that is read; of what is longer the rest is not looked at."""


_CHARACTERS_A_TOKEN = 4.2
"""In English."""

_ENDS = 2
"""Tokens that stand for the beginning and the end of a text."""


@dataclass(frozen=True, eq=False)
class Net:
    """An encoder that is ready.

    Attributes:
        run: (b, t) int64 ids without padding -> (b, t, d) hidden states.
        tokens: Cuts texts into tokens.
        longest: How many tokens are read.
        width: d.
        first: Whether a text's vector is that of its first token, and not the mean.
        kept: As what vectors are kept: float16 where the net computes in bfloat16, which is coarser.
    """

    run: Callable[[Tensor], Tensor]
    tokens: Tokenizer
    longest: int
    width: int
    first: bool
    kept: npt.DTypeLike

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text."""
        most = _CHARACTERS * self.longest
        found = self.tokens.encode_batch_fast([text[:most] for text in texts])
        return [encoding.ids for encoding in found]

    def encode(self, texts: Sequence[str]) -> Iterator[tuple[list[int], npt.NDArray[Any]]]:
        """Batches of positions and their vectors (b, d) of length 1, until all texts had their turn."""
        for start in range(0, len(texts), _AT_ONCE):
            ids = self.ids(texts[start : start + _AT_ONCE])
            some = list(batches([len(i) for i in ids]))
            work = [[ids[i] for i in positions] for positions in some]
            for positions, vectors in zip(some, self.side_by_side(work), strict=True):
                yield [start + i for i in positions], vectors

    def side_by_side(self, work: Sequence[Sequence[Sequence[int]]]) -> Iterator[npt.NDArray[Any]]:
        """The vectors of batches, in order. Each thread has its own batch: threads that share one wait for each other, which is
        many times slower on a busy machine."""
        if len(work) == 1:
            yield self.vectors(work[0])
            return
        workers = min(_MOST_THREADS, os.cpu_count() or 1)
        pool = ThreadPoolExecutor(workers)
        try:
            # A few ahead, so that whoever stops to listen loses little.
            ahead = deque(pool.submit(self.vectors, batch) for batch in work[: 2 * workers])
            for batch in [*work[2 * workers :], *[None] * (2 * workers)]:
                if ahead:
                    yield ahead.popleft().result()
                if batch is not None:
                    ahead.append(pool.submit(self.vectors, batch))
        finally:
            pool.shutdown(cancel_futures=True)

    def vectors(self, ids: Sequence[Sequence[int]]) -> npt.NDArray[Any]:
        """(b, d) of texts of equally many tokens."""
        with torch.inference_mode(), one_thread():
            hidden = self.run(torch.tensor(ids))
            pooled = hidden[:, 0].float() if self.first else mean_pool(hidden, None)
            return np.asarray(F.normalize(pooled).numpy().astype(self.kept))

    def seconds_for(self, texts: Sequence[str]) -> float:
        """What encoding them will take on this machine, measured on made-up batches."""
        tokens = sum(min(len(text) / _CHARACTERS_A_TOKEN + _ENDS, self.longest) for text in texts)
        return tokens * _seconds_a_token(self) if texts else 0.0

    def flops_for(self, texts: Sequence[str]) -> float:
        """Floating-point operations of encoding them."""
        ids = self.ids(texts)
        return sum(counted(lambda some=some: self.vectors([ids[i] for i in some])) for some in batches([len(i) for i in ids]))  # type: ignore[misc]


@lru_cache(maxsize=4)
def _seconds_a_token(net: Net) -> float:
    length = min(32, net.longest)
    work = [[[1] * length] * 16] * 4
    net.vectors(work[0])
    began = time.perf_counter()
    for _ in net.side_by_side(work):
        pass
    return (time.perf_counter() - began) / (4 * 16 * length)


def batches(lengths: Sequence[int], *, tokens: int = _TOKENS) -> Iterator[list[int]]:
    """Positions of texts of equally many tokens, long ones first, at most so many tokens together."""
    alike = defaultdict(list)
    for i, length in enumerate(lengths):
        alike[length].append(i)
    for length in sorted(alike, reverse=True):
        size = max(1, tokens // max(1, length))
        for start in range(0, len(alike[length]), size):
            yield alike[length][start : start + size]


@lru_cache(maxsize=2)
def load(pretrained: Pretrained) -> Net:
    """The encoder, loaded once for each process.

    Raises:
        FileError: Its files cannot be read, or do not fit together.
        MissingExtra: It is of a kind that needs a library that is not installed.
    """
    folder = pretrained.folder
    short = _has_bfloat16()
    dtype = torch.bfloat16 if short else torch.float32
    if config_of(folder, "config.json").get("model_type", "bert") == "bert":
        run: Callable[[Tensor], Tensor] = load_bert(folder).to(dtype)
    else:
        from tacit.learners.deep.text_other import load_other

        run = load_other(folder, dtype)
    first = bool(config_of(folder, "1_Pooling/config.json").get("pooling_mode_cls_token", False))
    kept = np.float16 if short else np.float32
    return Net(run, tokenizer(folder), max_tokens(folder), width_of(folder), first, kept)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute in the thread that calls, and in no others."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16; where it does not, the shorter numbers are slower than the longer ones."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())

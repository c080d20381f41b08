"""Convolutional nets are trained from scratch on one column of images."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from tacit.errors import BudgetError, TrainingError
from tacit.learners.contract import Cache, Data, Settings, threads
from tacit.learners.deep.convnets import Shape, fold, forward, initial, whitening
from tacit.learners.deep.images import decoded, fit_lens, resized, stored, varied
from tacit.learners.deep.schooling import Plan, school, triangle
from tacit.learners.deep.sight import Sight, arithmetic, laid_out
from tacit.phases import phase

__all__ = ["fit_convnet", "half"]

_SAMPLE = 1_000
"""Images that the first layer is fitted to."""

_SMALLEST = 16
"""The least rows of a batch."""

_MOMENTUM = 0.85
_KEEP = 10
"""After so many steps the tensors are kept, in case that a later loss is not finite."""

_STEEPEST = 10.0
"""Gradients are no longer than this: where all images are alike, normalizing blows up their rounding errors."""


def fit_convnet(learner: str, data: Data, settings: Settings, *, seed: int, deadline: float | None, cache: Cache) -> Sight:
    """Train a net on one column of images.

    Arguments:
        learner: The name of the learner.
        data: Rows with one column.
        settings: `side` (of the images that the net sees), `gray`, `flip`, `vary` (see `varied`), `widths`, `residual`, `stem`,
            `epochs` (at most), `batch`, `rate`, `decay`, `smooth` (what labels lose to the other
            classes), and `plan` where a deadline set the number of steps.
        seed: Of initial filters, order and variations.
        deadline: In seconds of `time.monotonic`.
        cache: Keeps decoded images.

    Raises:
        BudgetError: The deadline passed before there was any step.
        TrainingError: There is no memory for the smallest batch.
    """
    batch = settings["batch"]
    while True:
        try:
            with arithmetic(threads()):
                return _Pupil(data, {**settings, "batch": batch}, seed, cache, deadline).taught(learner, deadline)
        except (MemoryError, RuntimeError) as error:
            if not (isinstance(error, MemoryError) or "memory" in str(error)):
                raise
            if batch <= _SMALLEST:
                raise TrainingError(
                    "the memory does not suffice for a batch of images", next="the search goes on without it"
                ) from None
            batch //= 2


class _Pupil:
    """One net while it is trained."""

    def __init__(self, data: Data, settings: Settings, seed: int, cache: Cache, deadline: float | None) -> None:
        self.data, self.settings = data, settings
        (self.column,) = data.kinds
        side = settings["side"]
        values = data.columns[self.column]
        large = stored(side, data.n)
        with phase("data"):
            pictures = decoded(values, large, cache, deadline)
        kept = [i for i in range(data.n) if values[i] is None or pictures[i] is not None] or list(range(data.n))
        self.lens = fit_lens(pictures, large, settings["gray"])
        self.images = self.lens.stack([pictures[i] for i in kept])
        target, weight = data.target[kept], data.weight[kept]
        self.scale: tuple[float, float] | None = None
        if data.classes:
            target = target * (1 - settings["smooth"]) + settings["smooth"] / data.classes
        else:
            mean = float(np.average(target, weights=weight))
            deviation = float(np.sqrt(np.average((target - mean) ** 2, weights=weight))) or 1.0
            self.scale = (mean, deviation)
            target = (target[:, None] - mean) / deviation
        self.diary, self.kept = cache.diary if data.classes else None, np.array(kept)
        self.target = torch.from_numpy(np.ascontiguousarray(target, dtype=np.float32))
        self.weight = torch.from_numpy((weight / weight.mean()).astype(np.float32))
        self.generator = torch.Generator().manual_seed(seed)
        stride = max(1, round(side / 32))
        channels = 1 if settings["gray"] else 3
        stem = min(settings["stem"], channels * 4 * stride**2)
        self.shape = Shape(channels, max(1, data.classes), stride, stem, tuple(settings["widths"]), settings["residual"])
        sample = self.lens.normal(self.images[:: max(1, len(kept) // _SAMPLE)])
        filters, bias = whitening(resized(sample, side), self.shape)
        self.trained, self.stats = initial(self.shape, self.generator)
        self.fixed = {"stem.filters": filters, "stem.bias": bias}
        for tensor in self.trained.values():
            tensor.requires_grad_(True)
        self.batch = settings["batch"]
        self.order = self._order()
        self.optimizer = self._optimizer()
        self.finite = self._copied()
        self.done = 0

    def _optimizer(self) -> Any:
        rate, decay = self.settings["rate"] * self.batch / 1024, self.settings["decay"]
        groups = [
            {"params": [t for n, t in self.trained.items() if n.endswith("filters")], "top": rate, "weight_decay": decay / rate},
            {"params": [t for n, t in self.trained.items() if n.endswith("bias")], "top": 16 * rate, "weight_decay": 0.0},
            {"params": [self.trained["head"]], "top": rate, "weight_decay": decay / rate},
        ]
        return torch.optim.SGD(groups, lr=rate, momentum=_MOMENTUM, nesterov=True)

    def _order(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches without end: positions, and which of them are mirrored. A row is mirrored in every second epoch."""
        n = len(self.images)
        coin = torch.randint(0, 2, (n,), generator=self.generator)
        waiting = torch.empty(0, dtype=torch.long), torch.empty(0, dtype=torch.bool)
        epoch = 0
        while True:
            while len(waiting[0]) < self.batch:
                some = torch.randperm(n, generator=self.generator)
                flipped = (coin[some] + epoch) % 2 == 1
                waiting = torch.cat([waiting[0], some]), torch.cat([waiting[1], flipped])
                epoch += 1
            yield waiting[0][: self.batch], waiting[1][: self.batch] & self.settings["flip"]
            waiting = waiting[0][self.batch :], waiting[1][self.batch :]

    def step(self, progress: float) -> float:
        with phase("data"):
            index, flipped = next(self.order)
            images = varied(
                self.lens.normal(self.images[index]), self.settings["vary"], self.settings["side"], flipped, self.generator
            )
        with phase("forward", rows=len(index)):
            with torch.autocast("cpu", torch.bfloat16, enabled=half()):
                scores = forward(self.shape, self.fixed | self.trained, self.stats, images).float()
            if self.scale is None:
                losses = F.cross_entropy(scores, self.target[index], reduction="none")
            else:
                losses = ((scores - self.target[index]) ** 2)[:, 0]
            loss = (losses * self.weight[index]).mean()
            value = float(loss.item())
        if not math.isfinite(value):
            return value
        if self.done % _KEEP == 0:
            self.finite = self._copied()
        if self.diary is not None:
            self.diary.note(self.kept[np.asarray(index)], scores.detach().softmax(1).numpy())
        with phase("backward"):
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.trained.values(), _STEEPEST)
        with phase("optimizer"):
            for group in self.optimizer.param_groups:
                group["lr"] = group["top"] * triangle(progress)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
        self.done += 1
        return value

    def _copied(self) -> dict[str, Tensor]:
        return {name: tensor.detach().clone() for name, tensor in (self.trained | self.stats).items()}

    def taught(self, learner: str, deadline: float | None) -> Sight:
        settings = self.settings
        most = max(1, round(settings["epochs"] * len(self.images) / self.batch))
        plan: Plan | None = school(
            self.step,
            most=most,
            plan=settings.get("plan"),
            threads=sorted({threads(), os.cpu_count() or 1}),
            cost=lambda progress: 1.0,
            deadline=deadline,
        )
        if not self.done:
            raise BudgetError("the time was up before there was a model", next="tacit train TASK --budget 5m")
        tensors = self.fixed | fold(self.shape, self.trained, self.stats)
        if not all(bool(t.isfinite().all()) for t in tensors.values()):
            tensors = self.fixed | fold(self.shape, self.finite, self.finite)
        if not all(bool(t.isfinite().all()) for t in tensors.values()):
            raise TrainingError("the loss is not finite", next="the search goes on without it")
        effective = dict(settings) if plan is None else {**settings, "plan": plan}
        return Sight(learner, effective, self.column, self.lens, self.shape, laid_out(tensors), self.scale)


def half() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())

"""Training of the upper layers of an encoder, and of a linear layer over the mean of its tokens, as far as time allows.

What makes it faster than a plain loop: products in bfloat16 with weights that are kept in float32; texts of about the same
length together, so that little is padded; attention that suits short texts; no dropout, whose random numbers take longer than
the products beside them; words as they are; and what layers that stay as they are make of a text is computed once.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tacit.errors import BudgetError, TrainingError
from tacit.learners.contract import Data, Floats, Settings, check_time, threads
from tacit.learners.deep.bert import Layer, mean_pool, read_shape
from tacit.learners.deep.schooling import Plan, school
from tacit.learners.deep.text import load as load_net
from tacit.learners.deep.token_batches import Lower, epoch
from tacit.learners.deep.tuned import Tuned, joined, stack, token_ids
from tacit.learners.diary import Diary
from tacit.learners.encoders import text_encoder
from tacit.learners.roles import TEXTS, columns_of
from tacit.phases import phase

__all__ = ["Weights", "check_steps", "counts", "fit_finetuned", "forward", "training_seconds"]

_FALL = 0.9
"""Each layer learns at this part of the rate of the layer above: lower layers know more that is of general use."""

_HEAD = 10.0
"""How much faster the new linear layer learns."""

_CLIMB = 0.1
_DECAY = 0.01
_STEEPEST = 1.0

_DEARER = 3.0
"""A step takes so many times as long as a prediction."""

_OWN_LOAD = 0.5
"""What the load may be above the number of processors, which this program alone may cause."""

_START = 0.5
_COMPARED = 64


def forward(layers: nn.ModuleList, hidden: Tensor, mask: Tensor | None) -> Tensor:
    """(b, t, d) -> (b, t, d) through layers, for training; `mask` as in `Bert`.

    torch's own attention is slower than plain products on texts that are so short, more so with gradients.
    """
    wide = None if mask is None else torch.zeros(mask.shape, dtype=hidden.dtype).masked_fill_(~mask, -1e4)[:, None, None, :]
    for layer in layers:
        hidden = _through(layer, hidden, wide)
    return hidden


def _through(layer: Layer | nn.Module, hidden: Tensor, mask: Tensor | None) -> Tensor:
    assert isinstance(layer, Layer)
    b, t, d = hidden.shape
    q, k, v = layer.qkv(hidden).view(b, t, 3, layer.heads, d // layer.heads).permute(2, 0, 3, 1, 4)
    scores = q @ k.transpose(-1, -2) * (d // layer.heads) ** -0.5
    if mask is not None:
        scores = scores + mask
    mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d)
    hidden = layer.attended(hidden + layer.out(mixed))
    result: Tensor = layer.done(hidden + layer.down(layer.bend(layer.up(hidden))))
    return result


class Weights:
    """The weights of layers in float32, with AdamW (Loshchilov and Hutter, 2019); the layers compute with rounded copies.

    Arguments:
        layers: The layers to train.
        rate: Of the uppermost layer; those below learn more slowly.
        head: A linear layer above them in float32, which learns faster; None where there is none.
    """

    def __init__(self, layers: nn.ModuleList, rate: float, head: nn.Linear | None) -> None:
        self.rounded: list[Tensor] = []
        self.exact: list[Tensor] = []
        self.head = [] if head is None else list(head.parameters())
        groups: list[dict[str, Any]] = []
        for i, layer in enumerate(layers):
            mine = [p.requires_grad_(True) for p in layer.parameters()]
            exact = [p.detach().float().clone() for p in mine]
            self.rounded += mine
            self.exact += exact
            groups.append({"params": exact, "top": rate * _FALL ** (len(layers) - 1 - i)})
        if self.head:
            groups.append({"params": self.head, "top": rate * _HEAD})
        self.optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-6, weight_decay=_DECAY, fused=True)

    def step(self, loss: Tensor, progress: float) -> float:
        """Change the weights at a progress of 0 to 1. Returns the loss; where it or a slope is not finite nothing changes."""
        with phase("backward"):
            loss.backward()
            for rounded, exact in zip(self.rounded, self.exact, strict=True):
                exact.grad = None if rounded.grad is None else rounded.grad.float()
                rounded.grad = None
            steepness = torch.nn.utils.clip_grad_norm_([*self.exact, *self.head], _STEEPEST, foreach=True).item()
        with phase("optimizer"):
            if math.isfinite(steepness):
                for group in self.optimizer.param_groups:
                    group["lr"] = group["top"] * _rate(progress)
                self.optimizer.step()
                with torch.no_grad():
                    torch._foreach_copy_(self.rounded, self.exact)
            self.optimizer.zero_grad()
        return loss.item() if math.isfinite(steepness) else math.nan

    def finish(self) -> None:
        """Let gradients go: the layers only predict from now on."""
        for tensor in self.rounded:
            tensor.requires_grad_(False)


def _rate(progress: float) -> float:
    """The share of the highest rate: it climbs in a tenth of the steps, and falls to 0 at the end."""
    return min((progress + 0.01) / _CLIMB, (1 - progress) / (1 - _CLIMB), 1.0)


def fit_finetuned(
    learner: str, data: Data, settings: Settings, *, seed: int, deadline: float | None, diary: Diary | None = None
) -> Tuned:
    """Train an encoder further on the texts of rows.

    Arguments:
        learner: The name of the learner.
        data: Settled rows; columns that are no texts are not used.
        settings: `layers` (how many are trained, from the top; None is all), `epochs` (at most), `rate` (of AdamW, for the
            uppermost layer), `batch` (texts), `smooth` (what labels lose to the other classes), and `plan` where a deadline set
            the number of steps.
        seed: Of the order of rows.
        deadline: In seconds of `time.monotonic`.
        diary: Where it is noted what is made of rows of categories.

    Raises:
        BudgetError: The deadline passed before there was any step.
        TrainingError: The first step gave no finite loss.
    """
    check_time(deadline)
    before = torch.get_num_threads()
    try:
        return _Pupil(data, settings, seed, deadline, diary).taught(learner, deadline)
    finally:
        torch.set_num_threads(before)


class _Pupil:
    """One encoder while it is trained."""

    def __init__(self, data: Data, settings: Settings, seed: int, deadline: float | None, diary: Diary | None) -> None:
        self.settings, self.classes = settings, data.classes
        self.diary = diary if data.classes else None
        self.names = tuple(columns_of(data.kinds, TEXTS))
        self.pretrained = text_encoder(data.pretrained.get("text", "minilm"))
        self.net = stack(self.pretrained, settings["layers"])
        check_time(deadline)
        with phase("data"):
            self.ids = token_ids(self.pretrained, joined(data.columns, self.names))
        check_time(deadline)
        weight = data.weight / data.weight.mean()
        target, self.scale = _wanted(data, weight, settings["smooth"])
        self.target = torch.from_numpy(np.ascontiguousarray(target, dtype=np.float32))
        self.weight = torch.from_numpy(weight.astype(np.float32))
        with torch.random.fork_rng(devices=[]):
            self.head = nn.Linear(self.net.base.shape.hidden_size, target.shape[1])
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        if self.scale is None:
            shares = np.average(data.target, axis=0, weights=weight)
            self.head.bias.data.copy_(torch.from_numpy(np.log(np.maximum(shares, 1e-3))))
        self.weights = Weights(self.net.upper, settings["rate"], self.head)
        self.rng = np.random.default_rng(seed)
        self.lengths = np.array([len(i) for i in self.ids])
        self.per_epoch = len(epoch(self.lengths, settings["batch"], np.random.default_rng(seed)))
        self.order = self._order()
        self.lower = Lower(self.net, self.ids, self.lengths)
        self.done = 0

    def _order(self) -> Iterator[list[int]]:
        while True:
            yield from epoch(self.lengths, self.settings["batch"], self.rng)

    def step(self, progress: float) -> float:
        with phase("data"):
            some = next(self.order)
            hidden, mask = self.lower.of(some)
        with phase("forward", rows=len(some)):
            scores = self.head(mean_pool(forward(self.net.upper, hidden, mask), mask))
            if self.scale is None:
                losses = F.cross_entropy(scores, self.target[some], reduction="none")
            else:
                losses = ((scores - self.target[some]) ** 2)[:, 0] / 2
            loss = (losses * self.weight[some]).mean()
        if self.diary is not None:
            self.diary.note(np.array(some), scores.detach().softmax(1).numpy())
        value = self.weights.step(loss, progress)
        self.done += math.isfinite(value)
        return value

    def taught(self, learner: str, deadline: float | None) -> Tuned:
        settings = self.settings
        plan = school(
            self.step,
            most=max(1, math.ceil(settings["epochs"] * self.per_epoch)),
            plan=settings.get("plan"),
            threads=counts(),
            cost=lambda progress: 1.0,
            deadline=deadline,
        )
        check_steps(self.done, plan)
        self.weights.finish()
        effective = dict(settings) if plan is None else {**settings, "plan": plan}
        weights = self.head.weight.detach().double().numpy().T.copy()
        bias = self.head.bias.detach().double().numpy().copy()
        return Tuned(learner, effective, self.names, self.pretrained, self.net, weights, bias, self.scale, unit=False)


def counts() -> list[int]:
    """Numbers of threads to choose from: all logical processors are tried only where no other program computes.

    On an idle machine they make products nearly twice as fast; on a busy one, steps take six times as long.
    """
    processors = os.cpu_count() or 1
    idle = hasattr(os, "getloadavg") and os.getloadavg()[0] < processors + _OWN_LOAD
    return sorted({threads(), processors}) if idle else [threads()]


def check_steps(done: int, plan: Plan | None) -> None:
    """Raise an error if no step was done.

    Arguments:
        done: How many gave a finite loss.
        plan: What `school` returned.

    Raises:
        BudgetError: There was no time for any.
        TrainingError: The loss of the first was not finite.
    """
    if not done and plan is not None and plan[-1][0] == 0:
        raise BudgetError("the time was up before there was a model", next="tacit train TASK --budget 5m")
    if not done:
        raise TrainingError("the loss became infinite", next="tacit train TASK")


def _wanted(data: Data, weight: Floats, smooth: float) -> tuple[Floats, tuple[float, float] | None]:
    """(n, k) what the net shall give, and the scale of numbers."""
    if data.classes:
        return data.target * (1 - smooth) + smooth / data.classes, None
    mean = float(np.average(data.target, weights=weight))
    deviation = float(np.sqrt(np.average((data.target - mean) ** 2, weights=weight))) or 1.0
    return ((data.target - mean) / deviation)[:, None], (mean, deviation)


def training_seconds(data: Data, settings: Settings) -> float:
    """What a fit will take on this machine. The encoder is loaded, and tried on made-up texts.

    Arguments:
        data, settings: As in `fit_finetuned` or `fit_contrastive`.

    Raises:
        MissingExtra: The encoder is not installed.
        FileError: Its files are not there, or not what they should be.
    """
    pretrained = text_encoder(data.pretrained.get("text", "minilm"))
    once = load_net(pretrained).seconds_for(joined(data.columns, tuple(columns_of(data.kinds, TEXTS))))
    count = max(1, read_shape(pretrained.folder).num_hidden_layers)
    share = min(settings["layers"] or count, count) / count
    passes = settings["steps"] * min(1.0, _COMPARED / data.n) if "steps" in settings else settings["epochs"]
    return float(_START + once * (share * passes * _DEARER + (1 - share) * _DEARER / 3))

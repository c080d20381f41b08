"""Few labels: texts of one class are drawn together and others apart, then weights are fitted to where they are.

Tunstall et al. (2022, SetFit) do so with pairs of texts. Here each step compares all texts with each other (the supervised
contrastive loss of Khosla et al., 2020), which uses what the encoder made of a text many times: it is what takes the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse
import torch
import torch.nn.functional as F
from torch import Tensor

from tacit.learners.contract import Data, Settings, check_time
from tacit.learners.deep.bert import mean_pool
from tacit.learners.deep.finetuning import Weights, check_steps, counts, forward
from tacit.learners.deep.schooling import school
from tacit.learners.deep.token_batches import Lower
from tacit.learners.deep.tuned import Tuned, joined, lengthened, stack, token_ids
from tacit.learners.encoders import text_encoder
from tacit.learners.roles import TEXTS, columns_of
from tacit.learners.solver import Design, softmax
from tacit.phases import phase

__all__ = ["fit_contrastive"]

_AT_ONCE = 64
"""Texts that a step compares, at most."""

_SIDE_BY_SIDE = 16
"""Of those, texts of about the same length that go through the encoder together."""

_TOKENS = 4096
"""Of a step, at most."""

_HEAT = 0.1
"""By which likenesses are divided."""


def fit_contrastive(learner: str, data: Data, settings: Settings, *, seed: int, deadline: float | None) -> Tuned:
    """Train an encoder further so that it tells classes apart, then fit weights to its vectors.

    Arguments:
        learner: The name of the learner.
        data: Rows whose answer is a class.
        settings: `layers`, `rate` and `plan` as in `fit_finetuned`; `steps` (at most) and `penalty` (of the weights).
        seed: Of which texts are compared.
        deadline: In seconds of `time.monotonic`.

    Raises:
        BudgetError: The deadline passed before there was any step.
        TrainingError: The first step gave no finite loss.
    """
    check_time(deadline)
    names = tuple(columns_of(data.kinds, TEXTS))
    pretrained = text_encoder(data.pretrained.get("text", "minilm"))
    net = stack(pretrained, settings["layers"])
    with phase("data"):
        ids = token_ids(pretrained, joined(data.columns, names))
    check_time(deadline)
    target = torch.from_numpy(data.target.astype(np.float32))
    weight = torch.from_numpy((data.weight / data.weight.mean()).astype(np.float32))
    weights = Weights(net.upper, settings["rate"], None)
    lower = Lower(net, ids, np.array([len(i) for i in ids]))
    rng = np.random.default_rng(seed)
    done = 0

    def step(progress: float) -> float:
        nonlocal done
        with phase("data"):
            some = _some(ids, rng)
            groups = [some[i : i + _SIDE_BY_SIDE] for i in range(0, len(some), _SIDE_BY_SIDE)]
            given = [lower.of(group.tolist()) for group in groups]
        with phase("forward", rows=len(some)):
            made = [mean_pool(forward(net.upper, hidden, mask), mask) for hidden, mask in given]
            loss = _loss(F.normalize(torch.cat(made)), target[some], weight[some])
        value = weights.step(loss, progress)
        done += math.isfinite(value)
        return value

    before = torch.get_num_threads()
    try:
        plan = school(
            step,
            most=settings["steps"],
            plan=settings.get("plan"),
            threads=counts(),
            cost=lambda progress: 1.0,
            deadline=deadline,
        )
    finally:
        torch.set_num_threads(before)
    check_steps(done, plan)
    weights.finish()
    vectors = lengthened(net.vectors(ids))
    design = Design(scipy.sparse.csr_matrix((data.n, 0)), vectors)
    found = softmax(design, data.target, data.weight / data.weight.mean(), penalty=settings["penalty"])
    effective = dict(settings) if plan is None else {**settings, "plan": plan}
    return Tuned(learner, effective, names, pretrained, net, found.weights, found.bias, None, unit=True)


def _some(ids: Sequence[Sequence[int]], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Positions of the texts of a step, short ones first."""
    order = rng.permutation(len(ids))[:_AT_ONCE]
    lengths = np.array([len(ids[i]) for i in order])
    order = order[: max(2, int(np.searchsorted(np.cumsum(lengths), _TOKENS)))]
    return np.array(sorted(order, key=lambda i: len(ids[i])))


def _loss(vectors: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Each text shall find those of its class among all others (Khosla et al., 2020, equation 2).

    Arguments:
        vectors: (n, d), of length 1.
        target: (n, k) probabilities: texts belong together as far as they are probably of one class.
        weight: (n,).
    """
    itself = torch.eye(len(vectors), dtype=torch.bool)
    together = (target @ target.T).masked_fill(itself, 0.0) * weight
    likeness = (vectors @ vectors.T / _HEAT).masked_fill(itself, -1e9)
    found = likeness - likeness.logsumexp(dim=1, keepdim=True)
    losses = -(together * found).sum(dim=1) / together.sum(dim=1).clamp(min=1e-6)
    return (losses * weight).mean()

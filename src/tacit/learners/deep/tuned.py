"""The model of `encoder-finetune`: an encoder of texts whose upper layers were trained further, and weights over its vectors."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from tacit.errors import ArtifactError, FileError
from tacit.learners.contract import Columns, Floats, Model, Settings
from tacit.learners.deep.bert import Bert, mean_pool
from tacit.learners.deep.counting import counted
from tacit.learners.deep.text import batches, one_thread
from tacit.learners.deep.text import load as load_net
from tacit.learners.encoders import Pretrained, text_encoder
from tacit.learners.features import length
from tacit.learners.roles import as_text

__all__ = ["Stack", "Tuned", "joined", "lengthened", "stack", "token_ids"]

_BETWEEN = " [SEP] "
"""What stands between the texts of several columns: BERT's own sign for it."""


@dataclass(frozen=True, eq=False)
class Stack:
    """An encoder in two parts.

    Attributes:
        base: The pretrained encoder; nothing changes it, and all stacks share it.
        first: How many of its layers are used; the embeddings are, too.
        upper: The layers above, which may be trained.
    """

    base: Bert
    first: int
    upper: nn.ModuleList

    def lower(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """(b, t) -> (b, t, d), what the upper layers are given. `mask` as in `Bert`; no gradients."""
        with torch.no_grad():
            wide = None if mask is None else mask[:, None, None, :]
            hidden = self.base.embed(ids)
            for layer in self.base.layers[: self.first]:
                hidden = layer(hidden, wide)
        return hidden

    def vectors(self, ids: Sequence[Sequence[int]]) -> Floats:
        """(n, d) float64, the mean of the tokens of each text. What a text gets does not depend on the others."""
        found = np.empty((len(ids), self.base.shape.hidden_size))
        with torch.inference_mode(), one_thread():
            # Of equally many tokens: as in `tacit.learners.deep.text`.
            for some in batches([len(i) for i in ids]):
                hidden = self.lower(torch.tensor([ids[i] for i in some]), None)
                for layer in self.upper:
                    hidden = layer(hidden, None)
                found[some] = mean_pool(hidden, None).double().numpy()
        return found


def stack(pretrained: Pretrained, layers: int | None) -> Stack:
    """The encoder with copies of its upper layers.

    Arguments:
        pretrained: A BERT.
        layers: How many layers may be trained; None is all of them.

    Raises:
        FileError: The encoder is no BERT, or its files cannot be read.
    """
    base = load_net(pretrained).run
    if not isinstance(base, Bert):
        raise FileError(
            "only a BERT can be trained further, and this text encoder is none",
            where=str(pretrained.folder),
            next='text_encoder = "minilm"',
        )
    count = len(base.layers)
    first = 0 if layers is None else max(0, count - layers)
    return Stack(base, first, nn.ModuleList(copy.deepcopy(layer) for layer in base.layers[first:]))


def joined(columns: Columns, names: Sequence[str]) -> list[str]:
    """The text of each row, of all text columns."""
    return [_BETWEEN.join(map(as_text, row)) for row in zip(*(columns[name] for name in names), strict=True)]


def token_ids(pretrained: Pretrained, texts: Sequence[str]) -> list[list[int]]:
    """The tokens of each text, at most as many as the encoder reads."""
    return load_net(pretrained).ids(texts) if texts else []


@dataclass(frozen=True, eq=False)
class Tuned(Model):
    """Texts -> vectors -> answers.

    Attributes:
        learner, settings: As in `Model`.
        names: The text columns.
        pretrained: The encoder that was trained further.
        net: What it has become.
        weights: (d, k) float64; one column for numbers.
        bias: (k,) float64.
        scale: Mean and deviation of a number that is predicted; None for classes.
        unit: Whether vectors are brought to length 1.
    """

    learner: str
    settings: Settings
    names: tuple[str, ...]
    pretrained: Pretrained
    net: Stack
    weights: Floats
    bias: Floats
    scale: tuple[float, float] | None
    unit: bool

    def predict(self, columns: Columns) -> Floats:
        if length(columns) == 0:
            return np.empty(0) if self.scale else np.empty((0, len(self.bias)))
        at: dict[str, int] = {}
        places = [at.setdefault(text, len(at)) for text in joined(columns, self.names)]
        scores = (self._scores(list(at)))[places]
        if self.scale is not None:
            return np.asarray(self.scale[0] + self.scale[1] * scores[:, 0])
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def _scores(self, texts: Sequence[str]) -> Floats:
        vectors = self.net.vectors(token_ids(self.pretrained, texts))
        if self.unit:
            vectors = lengthened(vectors)
        return np.asarray(vectors @ self.weights + self.bias)

    def flops(self, columns: Columns) -> float:
        ids = token_ids(self.pretrained, joined(columns, self.names))
        return counted(lambda: self.net.vectors(ids)) + 2.0 * len(ids) * self.weights.size

    def save(self, folder: Path) -> None:
        save_file(dict(_named(self.net.upper)), folder / "layers.safetensors")
        plain = {
            "settings": dict(self.settings),
            "columns": self.names,
            "encoder": self.pretrained.name,
            "digest": self.pretrained.digest,
            "layers": len(self.net.upper),
            "scale": self.scale,
            "unit": self.unit,
        }
        (folder / "model.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "arrays.npz", weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, folder: Path, learner: str) -> Tuned:
        """The model that `save` wrote.

        Raises:
            ArtifactError: The encoder of this name is not the one that the model was made of.
            MissingExtra: The encoder is not installed.
        """
        plain = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        pretrained = text_encoder(plain["encoder"])
        if pretrained.digest != plain["digest"]:
            raise ArtifactError(
                f'the model was trained with another text encoder than the one that is called "{plain["encoder"]}" here',
                where=str(pretrained.folder),
                next="tacit train TASK",
            )
        net = stack(pretrained, plain["layers"])
        for name, tensor in load_file(folder / "layers.safetensors").items():
            net.upper.get_parameter(name).data.copy_(tensor)
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            weights, bias = arrays["weights"], arrays["bias"]
        scale = None if plain["scale"] is None else (plain["scale"][0], plain["scale"][1])
        return cls(learner, plain["settings"], tuple(plain["columns"]), pretrained, net, weights, bias, scale, plain["unit"])


def lengthened(vectors: Floats) -> Floats:
    """The same directions, at length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def _named(layers: nn.ModuleList) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in layers.named_parameters():
        yield name, tensor.detach().contiguous()

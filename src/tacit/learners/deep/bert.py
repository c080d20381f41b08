"""The BERT encoder (Devlin et al., 2019), small enough to be read and fast on processors; MiniLM is one.

The transformers library has it too, but takes seconds to import, and its layers cannot be started in the middle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from tacit.errors import FileError
from tacit.learners.encoders import config_of

__all__ = ["Bert", "Layer", "Shape", "load_bert", "max_tokens", "mean_pool", "read_shape", "save_bert", "tokenizer"]

_LONGEST = 256
_BENDS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": F.gelu,
    "gelu_new": partial(F.gelu, approximate="tanh"),
    "gelu_pytorch_tanh": partial(F.gelu, approximate="tanh"),
    "relu": F.relu,
}


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT, under the names of `config.json`."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12
    hidden_act: str = "gelu"
    hidden_dropout_prob: float = 0.1
    attention_probs_dropout_prob: float = 0.1


class Layer(nn.Module):  # type: ignore[misc]
    """Attention among the tokens of each text, then a net over each token; both add to what comes in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        d, eps = shape.hidden_size, shape.layer_norm_eps
        self.heads = shape.num_attention_heads
        self.bend = _BENDS[shape.hidden_act]
        self.dropout, self.attention_dropout = shape.hidden_dropout_prob, shape.attention_probs_dropout_prob
        self.qkv, self.out, self.attended = nn.Linear(d, 3 * d), nn.Linear(d, d), nn.LayerNorm(d, eps)
        self.up, self.down = nn.Linear(d, shape.intermediate_size), nn.Linear(shape.intermediate_size, d)
        self.done = nn.LayerNorm(d, eps)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """(b, t, d) -> (b, t, d); mask is (b, 1, 1, t), True for tokens."""
        b, t, d = hidden.shape
        q, k, v = self.qkv(hidden).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        dropped = self.attention_dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropped)
        mixed = self.out(mixed.transpose(1, 2).reshape(b, t, d))
        hidden = self.attended(hidden + F.dropout(mixed, self.dropout, self.training))
        changed = self.down(self.bend(self.up(hidden)))
        result: Tensor = self.done(hidden + F.dropout(changed, self.dropout, self.training))
        return result


class Bert(nn.Module):  # type: ignore[misc]
    """Token ids -> a vector for each token.

    Attributes:
        shape: Its sizes.
        layers: The layers, the first one first.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        d = shape.hidden_size
        self.shape = shape
        self.words = _table(shape.vocab_size, d)
        self.positions = _table(shape.max_position_embeddings, d)
        self.types = _table(shape.type_vocab_size, d)
        self.embedded = nn.LayerNorm(d, shape.layer_norm_eps)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.num_hidden_layers))

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Run all layers.

        Arguments:
            ids: (b, t) int64.
            mask: (b, t) bool, True for tokens and False for padding; None where all are tokens.

        Returns:
            (b, t, d), the last hidden states. Those of padding mean nothing.
        """
        return self.forward_from(self.embed(ids), mask, 0)

    def embed(self, ids: Tensor) -> Tensor:
        """(b, t) int64 -> (b, t, d), what the first layer is given."""
        place = self.positions.weight[: ids.shape[1]] + self.types.weight[0]
        return F.dropout(self.embedded(self.words(ids) + place), self.shape.hidden_dropout_prob, self.training)

    def forward_from(self, hidden: Tensor, mask: Tensor | None, first_layer: int) -> Tensor:
        """Run the layers from `first_layer` on.

        Arguments:
            hidden: (b, t, d), what that layer is given: of `embed` for layer 0, else of the layer before.
            mask: As in `forward`.
            first_layer: Its position; with the number of layers nothing is left to do.
        """
        wide = None if mask is None else mask[:, None, None, :]
        for layer in self.layers[first_layer:]:
            hidden = layer(hidden, wide)
        return hidden


def _table(n: int, d: int) -> nn.Embedding:
    weight = torch.empty(n, d)
    if not weight.is_meta:  # random numbers for a place that holds none would import torch's compiler, which takes seconds
        weight.normal_(std=0.02)
    return nn.Embedding(n, d, _weight=weight)


def mean_pool(hidden: Tensor, mask: Tensor | None) -> Tensor:
    """The mean of the tokens of each text: (b, t, d) and (b, t) bool -> (b, d) float32."""
    if mask is None:
        return hidden.mean(dim=1, dtype=torch.float32)
    counted = mask[..., None].float()
    return (hidden.float() * counted).sum(dim=1) / counted.sum(dim=1).clamp(min=1)


def read_shape(folder: Path) -> Shape:
    """The sizes in `config.json`.

    Raises:
        FileError: It is not that of a BERT that can be computed here.
    """
    path, config = folder / "config.json", config_of(folder, "config.json")
    try:
        shape = Shape(**{name: config[name] for name in Shape.__dataclass_fields__ if name in config})
    except TypeError as error:
        raise FileError(f"it cannot be read as the configuration of a BERT ({error})", where=str(path), next=_next()) from None
    absolute = config.get("position_embedding_type", "absolute") == "absolute"
    if config.get("model_type", "bert") != "bert" or not absolute or shape.hidden_act not in _BENDS:
        raise FileError("it is not the configuration of a plain BERT", where=str(path), next=_next())
    return shape


def load_bert(folder: Path) -> Bert:
    """The encoder of a folder, float32, ready to predict.

    Arguments:
        folder: Holds `config.json` and `model.safetensors`, as BERT's own or of a model around it (names begin with `bert.`).

    Raises:
        FileError: They cannot be read, or do not fit together.
    """
    shape = read_shape(folder)
    with torch.device("meta"):
        net = Bert(shape)
    path = folder / "model.safetensors"
    try:
        net.load_state_dict(_own_names(load_file(path), net.state_dict()), assign=True)
    except Exception as error:  # safetensors and torch have their own
        raise FileError(f"it holds no BERT of this configuration ({error})", where=str(path), next=_next()) from None
    net.eval()
    return net


def save_bert(net: Bert, folder: Path) -> None:
    """Write `config.json` and `model.safetensors`, under the names that are usual; `load_bert` reads them."""
    config = {"model_type": "bert", "architectures": ["BertModel"]} | asdict(net.shape)
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    state = {}
    for name, value in net.state_dict().items():
        if ".qkv." in name:
            for part, piece in zip(("query", "key", "value"), value.chunk(3), strict=True):
                state[_usual_name(name, part)] = piece.contiguous()
        else:
            state[_usual_name(name)] = value.contiguous()
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})


def max_tokens(folder: Path) -> int:
    """How many tokens of a text are read: what `sentence_bert_config.json` says, or 256; never more than there are positions."""
    told = config_of(folder, "sentence_bert_config.json").get("max_seq_length") or _LONGEST
    return min(int(told), int(config_of(folder, "config.json").get("max_position_embeddings", told)))


def tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of an encoder: texts are cut at `max_tokens` and not padded."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(max_tokens(folder))
    return found


_NAMES = {
    "words": "embeddings.word_embeddings",
    "positions": "embeddings.position_embeddings",
    "types": "embeddings.token_type_embeddings",
    "embedded": "embeddings.LayerNorm",
    "qkv": "attention.self.{part}",
    "out": "attention.output.dense",
    "attended": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "done": "output.LayerNorm",
}


def _usual_name(name: str, part: str = "") -> str:
    """`layers.0.qkv.weight` -> `encoder.layer.0.attention.self.query.weight`."""
    *layer, module, kind = name.split(".")
    usual = _NAMES[module].format(part=part)
    return ".".join(["encoder.layer", layer[1], usual, kind] if layer else [usual, kind])


def _own_names(stored: Mapping[str, Tensor], wanted: Iterable[str]) -> dict[str, Tensor]:
    """The state of a `Bert`, from weights under their usual names."""
    plain = {name.removeprefix("bert.").replace("gamma", "weight").replace("beta", "bias"): v for name, v in stored.items()}
    own = {}
    for name in wanted:
        parts = ("query", "key", "value") if ".qkv." in name else ("",)
        own[name] = torch.cat([plain[_usual_name(name, part)] for part in parts]).float()
    return own


def _next() -> str:
    return 'text_encoder = "minilm"'

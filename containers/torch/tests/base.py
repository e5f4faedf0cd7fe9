"""Folders of tiny transformers models, built in code."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
    ViTConfig,
    ViTForImageClassification,
)

WORDS = [
    "all",
    "is",
    "well",
    "nothing",
    "to",
    "do",
    "today",
    "fire",
    "in",
    "the",
    "hall",
    "get",
    "out",
    "of",
    "now",
    "number",
]
SIZES = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 32}


def write_tokenizer(folder: Path, pad: int = 0) -> int:
    """Returns the size of the vocabulary. RoBERTa's padding has the id 1."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    if pad == 1:
        special[0], special[1] = special[1], special[0]
    pieces = [*special, *WORDS, *"0123456789", *[f"##{digit}" for digit in "0123456789"]]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    return len(vocabulary)


def write_text_model(folder: Path, family: str = "bert") -> Path:
    torch.manual_seed(1)
    vocabulary = write_tokenizer(folder, pad=1 if family == "roberta" else 0)
    if family == "bert":
        config = BertConfig(vocab_size=vocabulary, max_position_embeddings=64, **SIZES)
        BertForSequenceClassification(config).save_pretrained(folder)
    elif family == "roberta":
        config = RobertaConfig(vocab_size=vocabulary, max_position_embeddings=66, pad_token_id=1, **SIZES)
        RobertaForSequenceClassification(config).save_pretrained(folder)
    else:
        config = DistilBertConfig(
            vocab_size=vocabulary, max_position_embeddings=64, dim=16, n_layers=3, n_heads=2, hidden_dim=32
        )
        DistilBertForSequenceClassification(config).save_pretrained(folder)
    return folder


def write_image_model(folder: Path) -> Path:
    torch.manual_seed(1)
    config = ViTConfig(image_size=32, patch_size=8, **SIZES)
    ViTForImageClassification(config).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(
        '{"size": {"height": 32, "width": 32}, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.4]}'
    )
    return folder

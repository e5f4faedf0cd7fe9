"""Tokenizers as tokenizer.json: trained on the texts of a job, or those of a base model."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from ..error import TrainingError
from ..training.hub import Unreachable, first_line
from .pieces import learn_pieces

PAD, UNKNOWN, CLASS, SEPARATOR = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
# A piece that occurs once teaches nothing.
MIN_FREQUENCY = 2
# Characters of other scripts than the training texts' are unknown.
ALPHABET = 1_000

# Worker processes are forked; threads of the tokenizer would not survive that.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def train_wordpiece(texts: Iterator[str], size: int) -> Tokenizer:
    normalizer = normalizers.BertNormalizer(lowercase=True)
    splitter = pre_tokenizers.BertPreTokenizer()
    words = Counter[str]()
    for text in texts:
        words.update(word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)))
    reserved = [PAD, UNKNOWN, CLASS, SEPARATOR]
    pieces = [*reserved, *learn_pieces(words, size - len(reserved), MIN_FREQUENCY, ALPHABET)]
    tokenizer = Tokenizer(models.WordPiece({piece: at for at, piece in enumerate(pieces)}, unk_token=UNKNOWN))
    tokenizer.add_special_tokens(reserved)
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    special = [(CLASS, tokenizer.token_to_id(CLASS)), (SEPARATOR, tokenizer.token_to_id(SEPARATOR))]
    tokenizer.post_processor = processors.TemplateProcessing(f"{CLASS} $A {SEPARATOR}", special_tokens=special)
    return tokenizer


def load_tokenizer(base: str) -> Tokenizer:
    from transformers import AutoTokenizer

    try:
        found = AutoTokenizer.from_pretrained(base)
    except (OSError, ValueError) as error:
        if Path(base).is_dir():
            raise TrainingError("WEIGHTS_INVALID", f"{base} has no tokenizer: {first_line(error)}") from error
        raise Unreachable(first_line(error)) from error
    if not found.is_fast:
        message = f"The tokenizer of {base} has no tokenizer.json. Use a base model with one."
        raise TrainingError("WEIGHTS_INVALID", message)
    return found.backend_tokenizer


def to_bytes(tokenizer: Tokenizer) -> bytes:
    """Without padding and truncation: the engine does both itself."""
    plain = Tokenizer.from_str(tokenizer.to_str())
    plain.no_padding()
    plain.no_truncation()
    return json.dumps(json.loads(plain.to_str()), ensure_ascii=False).encode()

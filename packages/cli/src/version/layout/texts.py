"""Turns texts into the inputs of a text model, like the engine of containers/serve."""

import os
import re
import unicodedata

import numpy as np


def decode(body):
    text = body.decode("utf-8")
    if not text.strip():
        raise ValueError("The text is empty. Send at least one word.")
    return text


def create_reader(folder, wanted, inputs):
    tokenizer = wanted["tokenizer"]
    if tokenizer["kind"] == "hash":
        name = inputs[0].name
        return lambda text: {name: hash_text(text, tokenizer)}
    return create_token_reader(folder, wanted, inputs)


def create_token_reader(folder, wanted, inputs):
    tokenizer = open_tokenizer(os.path.join(folder, wanted["tokenizer"].get("file", "tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(wanted.get("maxLength", 512))
    ids_name = next((each.name for each in inputs if re.search("input_?ids", each.name, re.I)), inputs[0].name)
    declared = next(each.shape[1] for each in inputs if each.name == ids_name)

    def read(text):
        ids = tokenizer.encode(text).ids
        # A model with a fixed length gets padding, which the mask hides.
        width = declared if isinstance(declared, int) else len(ids)
        return {each.name: fill(each.name, ids_name, ids, width) for each in inputs}

    return read


def fill(name, ids_name, ids, width):
    row = np.zeros((1, width), dtype=np.int64)
    length = min(len(ids), width)
    if name == ids_name:
        row[0, :length] = ids[:length]
    elif re.search("mask", name, re.I):
        row[0, :length] = 1
    elif re.search("position", name, re.I):
        row[0, :length] = np.arange(length)
    elif not re.search("type|segment", name, re.I):
        raise ValueError(f"The text model has an input '{name}' that is not known here.")
    return row


def open_tokenizer(file):
    # Only models with a tokenizer file need this library.
    from tokenizers import BertWordPieceTokenizer, Tokenizer

    return BertWordPieceTokenizer(file, lowercase=True) if file.endswith(".txt") else Tokenizer.from_file(file)


def hash_text(text, wanted):
    """Logarithmic counts of hashed n-grams of words and characters, scaled to length 1."""
    found = split_words(unicodedata.normalize("NFKC", text).lower())
    buckets = wanted["buckets"]
    counts = np.zeros(buckets, dtype=np.float32)
    for size in wanted.get("words", [1, 2]):
        for at in range(len(found) - size + 1):
            counts[bucket_of(f"w{size}:{' '.join(found[at : at + size])}", buckets)] += 1
    # UTF-16 units, as the engine counts characters.
    line = f" {' '.join(found)} ".encode("utf-16-le")
    for size in wanted.get("characters", []):
        for at in range(len(line) // 2 - size + 1):
            part = line[2 * at : 2 * (at + size)].decode("utf-16-le", "surrogatepass")
            counts[bucket_of(f"c{size}:{part}", buckets)] += 1
    counts = np.log1p(counts)
    length = float(np.sqrt((counts.astype(np.float64) ** 2).sum())) or 1.0
    return (counts / length)[np.newaxis].astype(np.float32)


def split_words(text):
    """Runs of letters and numbers of all scripts."""
    marked = "".join(each if unicodedata.category(each)[0] in "LN" else " " for each in text)
    return marked.split()


def bucket_of(token, buckets):
    """FNV-1a over UTF-16 units, with a final mix of the low bits."""
    value = 0x811C9DC5
    units = token.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(units), 2):
        value = (value ^ (units[at] | units[at + 1] << 8)) * 0x01000193 & 0xFFFFFFFF
    value ^= value >> 15
    value = value * 0x2C1B3C6D & 0xFFFFFFFF
    return (value ^ value >> 13) % buckets

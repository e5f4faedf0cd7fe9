"""Texts in many scripts, by a seed."""

import numpy as np

# First and last letter of each alphabet.
ALPHABETS = "az AZ àÿ αω ΑΡ ая АЯ աֆ את اي अह কহ กฮ ກຮ აჰ አዐ ぁゖ ァヶ 가힣 一龥 𠀀𠀿".split()
MARKS = ["́", "̈", "‍", "﻿", "­", "  ", "\t", "\n", "!?", "…", "—", "😀", "🇺🇳", "½", "Ⅷ", "١٢", "İ", "ß", "ﬁ", "Σς"]


def words(count: int, seed: int) -> list[str]:
    """Few distinct words, so that a vocabulary can be learned from some of the texts."""
    chance = np.random.default_rng([seed, 1])
    found = []
    for _ in range(count):
        first, last = map(ord, chance.choice(ALPHABETS))
        letters = chance.integers(first, last + 1, chance.integers(2, 9))
        found.append("".join(map(chr, letters)))
    return found


def texts(count: int, seed: int) -> list[str]:
    chance = np.random.default_rng([seed, 2])
    vocabulary, others = words(200, 1), words(200, seed + 100)
    made = []
    for _ in range(count):
        parts = [
            str(chance.choice(vocabulary if chance.random() < 0.8 else others)) for _ in range(chance.integers(1, 40))
        ]
        for _ in range(chance.integers(0, 4)):
            parts.insert(int(chance.integers(0, len(parts) + 1)), str(chance.choice(MARKS)))
        made.append(("" if chance.random() < 0.2 else " ").join(parts))
    return [text if text.strip() else "word" for text in made]

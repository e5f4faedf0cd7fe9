"""Word pieces from the words of the training texts.

The trainer of `tokenizers` breaks ties by the order of a hash table, so equal data would result in other pieces.
"""

import heapq
import itertools
from collections import Counter, defaultdict

CONTINUATION = "##"
Pair = tuple[str, str]


def learn_pieces(words: Counter[str], size: int, min_frequency: int, alphabet: int) -> list[str]:
    """At most `size` pieces: characters first, then the most frequent pairs merged; ties by their text."""
    characters = Counter[str]()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    known = {one for one, _ in sorted(characters.items(), key=lambda item: (-item[1], item[0]))[:alphabet]}
    entries = [
        ([word[0], *(CONTINUATION + one for one in word[1:])], count)
        for word, count in sorted(words.items())
        if set(word) <= known
    ]
    pieces = dict.fromkeys(sorted({piece for symbols, _ in entries for piece in symbols}))
    counts, places = _count_pairs(entries)
    queue = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(queue)
    while queue and len(pieces) < size:
        negative, pair = heapq.heappop(queue)
        count = counts[pair]
        if count < min_frequency:
            continue
        if count != -negative:
            heapq.heappush(queue, (-count, pair))
            continue
        pieces[_join(pair)] = None
        for changed in _merge(pair, entries, counts, places):
            heapq.heappush(queue, (-counts[changed], changed))
    return list(pieces)[:size]


def _join(pair: Pair) -> str:
    return pair[0] + pair[1].removeprefix(CONTINUATION)


def _count_pairs(entries: list[tuple[list[str], int]]) -> tuple[Counter[Pair], dict[Pair, set[int]]]:
    counts = Counter[Pair]()
    places: dict[Pair, set[int]] = defaultdict(set)
    for index, (symbols, count) in enumerate(entries):
        for pair in itertools.pairwise(symbols):
            counts[pair] += count
            places[pair].add(index)
    return counts, places


def _merge(
    pair: Pair, entries: list[tuple[list[str], int]], counts: Counter[Pair], places: dict[Pair, set[int]]
) -> set[Pair]:
    """Replaces a pair by its joined piece in every word. Returns the pairs that became more frequent."""
    joined = _join(pair)
    grown: set[Pair] = set()
    for index in sorted(places.pop(pair)):
        symbols, count = entries[index]
        for old in itertools.pairwise(symbols):
            counts[old] -= count
        merged: list[str] = []
        for symbol in symbols:
            if merged and (merged[-1], symbol) == pair:
                merged[-1] = joined
            else:
                merged.append(symbol)
        entries[index] = (merged, count)
        for new in itertools.pairwise(merged):
            counts[new] += count
            places[new].add(index)
            grown.add(new)
    return grown

"""Samples of token ids with their class, for the loader."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from ..data.items import Items
from .read import read_text


@dataclass(frozen=True)
class TextSamples:
    items: Items
    tokenizer: Tokenizer
    labels: NDArray[np.int64]

    def __getitem__(self, key: tuple[int, int]) -> tuple[list[int], int]:
        index = key[1]
        ids = self.tokenizer.encode(read_text(self.items[index])).ids
        return ids, int(self.labels[index])


@dataclass(frozen=True)
class Collate:
    """Pads a batch to its longest text."""

    pad: int

    def __call__(self, samples: list[tuple[list[int], int]]) -> tuple[dict[str, Tensor], Tensor]:
        length = max(len(ids) for ids, _ in samples)
        ids = torch.full((len(samples), length), self.pad)
        mask = torch.zeros((len(samples), length), dtype=torch.int64)
        for row, (each, _) in enumerate(samples):
            ids[row, : len(each)] = torch.tensor(each)
            mask[row, : len(each)] = 1
        return {"input_ids": ids, "attention_mask": mask}, torch.tensor([label for _, label in samples])

"""A small transformer encoder that trains from nothing on a few hundred texts."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 128
LAYERS = 2
HEADS = 4


class Layer(nn.Module):
    """Attention and a feed-forward network, each normalised before it."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.mix = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.forward_norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 2 * width)
        self.reduce = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        x = x + self.dropout(self.attend(self.attention_norm(x), bias))
        inner = self.reduce(functional.gelu(self.expand(self.forward_norm(x))))
        return x + self.dropout(inner)

    def attend(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape
        parts = self.mix(x).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + bias
        return self.out((scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width))


class TextNetwork(nn.Module):
    def __init__(self, vocabulary: int, classes: int, max_length: int, dropout: float) -> None:
        super().__init__()
        self.max_length = max_length
        self.vocabulary = vocabulary
        self.words = nn.Embedding(vocabulary, WIDTH, padding_idx=0)
        self.positions = nn.Embedding(max_length, WIDTH)
        nn.init.normal_(self.words.weight, std=0.05)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList([Layer(WIDTH, HEADS, dropout) for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * WIDTH, classes))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.dropout(self.words(input_ids) + self.positions(positions))
        visible = attention_mask.to(x.dtype)
        bias = (1 - visible[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        x = self.norm(x)
        shown = visible[:, :, None]
        mean = (x * shown).sum(1) / shown.sum(1)
        most = (x - (1 - shown) * 1e4).amax(1)
        return self.head(torch.cat([mean, most], 1))

    @property
    def architecture(self) -> dict[str, Any]:
        return {"network": "encoder", "vocabulary": self.vocabulary, "maxLength": self.max_length}

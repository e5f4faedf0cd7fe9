"""Samples of images with their class, for the loader."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.images import ImageSource
from .augment import Augmentation, augment


@dataclass(frozen=True)
class ImageSamples:
    source: ImageSource
    labels: NDArray[np.int64]
    seed: int = 0
    # None for evaluations.
    augmentation: Augmentation | None = None

    def __getitem__(self, key: tuple[int, int]) -> tuple[NDArray[np.uint8], int]:
        epoch, index = key
        pixels = self.source.read(index).pixels
        if self.augmentation:
            chance = np.random.default_rng([self.seed, 3, epoch, index])
            pixels = augment(pixels, self.augmentation, chance)
        return pixels, int(self.labels[index])


def collate(samples: list[tuple[NDArray[np.uint8], int]]) -> tuple[Tensor, Tensor]:
    """Bytes: a quarter of the floats on their way to the trainer."""
    pixels = np.stack([pixels for pixels, _ in samples]).transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(pixels)), torch.tensor([label for _, label in samples])


@dataclass(frozen=True)
class Normalisation:
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.25, 0.25, 0.25)

    def apply(self, pixels: Tensor) -> Tensor:
        mean, std = (torch.tensor(each, device=pixels.device).view(1, 3, 1, 1) for each in (self.mean, self.std))
        return (pixels.float() / 255 - mean) / std

    def to_json(self) -> dict[str, Any]:
        return {"scale": 1 / 255, "mean": list(self.mean), "std": list(self.std)}

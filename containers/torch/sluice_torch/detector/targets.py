"""The true boxes of a batch, in one flat list."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .suppress import Floats, Integers


@dataclass(frozen=True)
class Targets:
    # The index of the image in the batch, for each box.
    images: Tensor
    classes: Tensor
    # Corners in input pixels.
    boxes: Tensor

    def __len__(self) -> int:
        return len(self.images)


def join_targets(items: Sequence[tuple[Floats, Integers]]) -> Targets:
    """`items`: boxes and classes of each image."""
    counts = torch.tensor([len(classes) for _, classes in items], dtype=torch.int64)
    boxes = np.concatenate([boxes.reshape(-1, 4) for boxes, _ in items]).astype(np.float32)
    classes = np.concatenate([classes for _, classes in items]).astype(np.int64)
    return Targets(
        torch.repeat_interleave(torch.arange(len(items)), counts),
        torch.from_numpy(classes),
        torch.from_numpy(boxes),
    )

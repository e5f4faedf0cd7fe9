"""Multi-scale training: each step has an input of another size."""

import torch
from torch import Tensor
from torch.nn import functional

from .plan import STEP
from .targets import Targets

# Shares of the declared size.
_RANGE = (0.7, 1.3)


def random_size(shape: tuple[int, int]) -> tuple[int, int]:
    """Uses PyTorch's seed, which the loop sets for each step."""
    factor = _RANGE[0] + (_RANGE[1] - _RANGE[0]) * float(torch.rand(()))
    width, height = (max(STEP, round(side * factor / STEP) * STEP) for side in shape)
    return width, height


def resize_batch(images: Tensor, targets: Targets, shape: tuple[int, int]) -> tuple[Tensor, Targets]:
    width, height = shape
    factor = torch.tensor([width / images.shape[3], height / images.shape[2]] * 2, device=images.device)
    resized = functional.interpolate(images, (height, width), mode="bilinear", antialias=True)
    return resized, Targets(targets.images, targets.classes, targets.boxes * factor)

"""Scenes of labelled images, and batches of them for the loader."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.decode import Fit, fit
from ..data.images import ImageSource
from .augment.augment import Augmentation, augment
from .augment.scene import Pixels, Scene
from .suppress import Floats, Integers
from .targets import Targets, join_targets

Sample = tuple[Pixels, Floats, Integers]
# Images as bytes, then the fields of Targets.
Batch = tuple[Tensor, Tensor, Tensor, Tensor]

# In pixels of the input.
_LEAST_SIDE = 0.5


def read_letterboxed(source: ImageSource, index: int) -> Scene:
    """The image as the network's input, with padding around it."""
    scene, at = _read(source, index)
    return Scene(scene.pixels, scene.boxes + _corner(at), scene.classes)


def read_plain(source: ImageSource, index: int) -> Scene:
    """The image at the size of the input, without padding. Boxes that are too thin to be seen are dropped."""
    scene, at = _read(source, index)
    pixels = scene.pixels[at.top : at.top + at.height, at.left : at.left + at.width]
    visible = (scene.boxes[:, 2:] - scene.boxes[:, :2] >= _LEAST_SIDE).all(axis=1)
    return Scene(pixels, scene.boxes[visible], scene.classes[visible])


def _read(source: ImageSource, index: int) -> tuple[Scene, Fit]:
    """Pixels with padding, but boxes relative to the image."""
    decoded, item = source.read(index), source.items[index]
    at = fit(decoded.source, source.size, "letterbox")
    corners = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in item.boxes]
    boxes = np.array(corners, np.float32).reshape(-1, 4) * np.array([at.scale_x, at.scale_y] * 2, np.float32)
    return Scene(decoded.pixels, boxes, np.array([box.label for box in item.boxes], np.int64)), at


def _corner(at: Fit) -> Floats:
    return np.array([at.left, at.top] * 2, np.float32)


@dataclass(frozen=True)
class HeldSamples:
    source: ImageSource

    def __getitem__(self, key: tuple[int, int]) -> Sample:
        scene = read_letterboxed(self.source, key[1])
        return scene.pixels, scene.boxes, scene.classes


@dataclass(frozen=True)
class TrainingSamples:
    source: ImageSource
    seed: int
    augmentation: Augmentation
    # The last epoch with combined images.
    mosaic_epochs: int

    def __getitem__(self, key: tuple[int, int]) -> Sample:
        epoch, index = key
        chance = np.random.default_rng([self.seed, 3, epoch, index])
        settings = self.augmentation if epoch <= self.mosaic_epochs else self.augmentation.without_mosaic()

        def other() -> Scene:
            return read_plain(self.source, int(chance.integers(len(self.source))))

        scene = augment(read_plain(self.source, index), other, self.source.size, settings, chance)
        return scene.pixels, scene.boxes, scene.classes


def collate(samples: list[Sample]) -> Batch:
    pixels = np.ascontiguousarray(np.stack([pixels for pixels, _, _ in samples]).transpose(0, 3, 1, 2))
    targets = join_targets([(boxes, classes) for _, boxes, classes in samples])
    return torch.from_numpy(pixels), targets.images, targets.classes, targets.boxes


def targets_of(batch: Batch) -> Targets:
    return Targets(*batch[1:])

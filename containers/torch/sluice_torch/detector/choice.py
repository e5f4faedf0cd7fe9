"""Chooses the network of a detector: family, size, first weights and the shape of its input."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch

from ..context import Context
from ..error import TrainingError
from ..training.weights import Weights, load_weights, read_weights
from .anchors import fit_anchors
from .name import Family, Size
from .network import Detector, create_detector
from .plan import FAMILY, Profile
from .shape import choose_shape
from .suppress import Floats

# Anchors are fitted to the boxes of this many images.
_ANCHOR_IMAGES = 2000


@dataclass(frozen=True)
class Choice:
    family: Family
    size: Size
    # Width and height of the input.
    shape: tuple[int, int]
    weights: Weights | None
    train_only_top_layer: bool

    def build(self, classes: int, sizes: Callable[[], Floats], seed: int, log: Callable[[str], None]) -> Detector:
        """`sizes` returns widths and heights of training boxes in input pixels."""
        anchors = None
        if self.family == "anchor-based":
            known = self.weights.tensors.get("anchors") if self.weights else None
            anchors = torch.from_numpy(fit_anchors(sizes(), seed)) if known is None else known.float()
        detector = create_detector(self.family, self.size, classes, anchors)
        if self.weights:
            load_weights(detector, self.weights, "head.", log)
        if self.train_only_top_layer:
            detector.freeze_backbone()
        return detector


def choose_network(context: Context, profile: Profile, square: bool) -> Choice:
    options = context.options
    start = context.find_weights()
    weights = read_weights(start, "object-detection") if start else None
    if options.train_only_top_layer and not weights:
        message = "trainOnlyTopLayer=true needs weights: a network that starts from nothing must learn."
        raise TrainingError("OPTION_INVALID", message)
    known = weights.architecture if weights else {}
    family, size = options.detector or known.get("family", FAMILY), options.size or known.get("size", profile.size)
    if weights and family != known["family"]:
        message = f"The weights are of an {known['family']} detector. Leave out detector, or use weights of its family."
        raise TrainingError("WEIGHTS_MISMATCH", message)
    side = options.image_size or known.get("side", profile.image_size)
    shape = choose_shape(context.train, side, square)
    return Choice(cast(Family, family), cast(Size, size), shape, weights, options.train_only_top_layer)


def describe(detector: Detector, shape: tuple[int, int]) -> dict[str, Any]:
    """Rebuilds the network for a later fine-tuning."""
    return {"network": "detector", "family": detector.family, "size": detector.size, "side": max(shape)}


def rebuild(weights: Weights, classes: int) -> Detector:
    """The detector of a package, for PyTorch."""
    known = weights.architecture
    detector = create_detector(known["family"], known["size"], classes, weights.tensors.get("anchors"))
    detector.load_state_dict({name: each.float() for name, each in weights.tensors.items()})
    return detector


def sample_sizes(scenes: Callable[[int], Floats], count: int, seed: int) -> Floats:
    """Widths and heights of the boxes of some images; `scenes` returns the boxes of one."""
    chance = np.random.default_rng([seed, 4])
    chosen = chance.permutation(count)[:_ANCHOR_IMAGES]
    boxes = np.concatenate([scenes(int(index)) for index in chosen])
    return np.asarray(boxes[:, 2:] - boxes[:, :2])

"""All random changes of one training item."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .colour import vary_colour
from .geometry import flip_horizontal, flip_vertical, random_factor, transpose, zoom
from .mosaic import mosaic
from .scene import Scene


@dataclass(frozen=True)
class Augmentation:
    flip_horizontal: bool = True
    flip_vertical: bool = False
    # Exchange x and y in half of the scenes: with both flips, all quarter turns.
    quarter_turns: bool = False
    # A share of the size, to either side.
    zoom: float = 0.2
    # From 0, none, to 1.
    colour: float = 0.5
    # The share of images that are combined from four.
    mosaic: float = 0.0

    def without_mosaic(self) -> "Augmentation":
        return replace(self, mosaic=0.0)


def augment(
    scene: Scene,
    others: Callable[[], Scene],
    target: tuple[int, int],
    settings: Augmentation,
    chance: np.random.Generator,
) -> Scene:
    """`others` returns another random scene. The result has the width and height `target`."""
    if chance.random() < settings.mosaic:
        four = [_turn(one, settings, chance) for one in (scene, others(), others(), others())]
        result = mosaic(four, target, settings.zoom, chance)
    else:
        factor = random_factor(settings.zoom, chance)
        result = zoom(_turn(scene, settings, chance), target, factor, chance)
    return vary_colour(result, settings.colour, chance) if settings.colour > 0 else result


def _turn(scene: Scene, settings: Augmentation, chance: np.random.Generator) -> Scene:
    if settings.flip_horizontal and chance.random() < 0.5:
        scene = flip_horizontal(scene)
    if settings.flip_vertical and chance.random() < 0.5:
        scene = flip_vertical(scene)
    if settings.quarter_turns and chance.random() < 0.5:
        scene = transpose(scene)
    return scene

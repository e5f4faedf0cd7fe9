"""Chooses anchors from the shapes of the training boxes."""

import numpy as np

from .network import ANCHORS
from .spec import STRIDES
from .suppress import Floats

_ROUNDS = 50
_SAMPLES = 5000


def fit_anchors(sizes: Floats, seed: int) -> Floats:
    """k-means on the logarithms of widths and heights. Returns [levels, ANCHORS, 2], smallest area first.

    Logarithms, so that a thin wall is as far from a square as a large room is from a small one.
    """
    count = len(STRIDES) * ANCHORS
    chance = np.random.default_rng(seed)
    shapes = np.log(np.maximum(sizes.astype(np.float64), 2.0))
    if len(shapes) > _SAMPLES:
        shapes = shapes[chance.choice(len(shapes), _SAMPLES, replace=False)]
    centres = _spread_centres(shapes, count, chance)
    for _ in range(_ROUNDS):
        nearest = _distances(shapes, centres).argmin(axis=1)
        moved = np.stack(
            [shapes[nearest == at].mean(axis=0) if (nearest == at).any() else centres[at] for at in range(count)]
        )
        if np.allclose(moved, centres):
            break
        centres = moved
    anchors = np.exp(centres)
    order = np.argsort(anchors.prod(axis=1), kind="stable")
    return anchors[order].reshape(len(STRIDES), ANCHORS, 2).astype(np.float32)


def _spread_centres(shapes: Floats, count: int, chance: np.random.Generator) -> Floats:
    """Each next centre is a random shape, more likely one that is far from the others (k-means++)."""
    centres = shapes[chance.integers(len(shapes))][None]
    while len(centres) < count:
        distance = _distances(shapes, centres).min(axis=1)
        if distance.sum() == 0:
            # Fewer different shapes than anchors: vary the first one.
            centres = np.vstack((centres, centres[:1] + chance.normal(0, 0.3, (1, 2))))
            continue
        centres = np.vstack((centres, shapes[chance.choice(len(shapes), p=distance / distance.sum())][None]))
    return np.asarray(centres)


def _distances(shapes: Floats, centres: Floats) -> Floats:
    return np.asarray(((shapes[:, None] - centres[None]) ** 2).sum(axis=2))

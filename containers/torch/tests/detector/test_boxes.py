import numpy as np
import pytest
import torch

from sluice_torch.detector import boxes
from sluice_torch.detector.suppress import Detections, overlaps, suppress

from . import plain


def random_corners(count: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    low = chance.uniform(0, 80, (count, 2))
    return np.concatenate((low, low + chance.uniform(1, 40, (count, 2))), axis=1).astype(np.float32)


def test_overlaps_equal_a_plain_implementation() -> None:
    one, other = random_corners(40, 1), random_corners(30, 2)
    expected = np.array([[plain.overlap(a, b) for b in other] for a in one])
    found = boxes.overlap_matrix(torch.from_numpy(one), torch.from_numpy(other)).numpy()
    assert np.abs(found - expected).max() < 1e-4
    assert np.abs(overlaps(one, other) - expected).max() < 1e-4
    assert 0 < (expected > 0).mean() < 1


def test_generalised_overlap_equals_a_plain_implementation() -> None:
    one, other = random_corners(200, 3), random_corners(200, 4)
    expected = [plain.generalised_overlap(a, b) for a, b in zip(one, other, strict=True)]
    found = boxes.generalised_overlap(torch.from_numpy(one), torch.from_numpy(other))
    assert np.abs(found.numpy() - expected).max() < 1e-4
    assert min(expected) < 0 < max(expected)


def test_centred_boxes_convert_both_ways() -> None:
    corners = torch.from_numpy(random_corners(20, 5))
    assert torch.allclose(boxes.to_corners(boxes.to_centred(corners)), corners, atol=1e-4)


@pytest.mark.parametrize("limit", [7, 300])
def test_suppression_equals_a_plain_implementation(limit: int) -> None:
    chance = np.random.default_rng(6)
    corners = random_corners(300, 7)
    scores = chance.uniform(0, 1, 300).astype(np.float32)
    classes = chance.integers(0, 3, 300)
    expected = plain.suppress(corners.tolist(), scores.tolist(), classes.tolist(), 0.45, limit)
    kept = suppress(Detections(corners, scores, classes), 0.45, limit)
    assert np.array_equal(kept.boxes, corners[expected])
    assert np.array_equal(kept.classes, classes[expected])
    assert len(expected) < 300


def test_suppression_ignores_boxes_without_an_area() -> None:
    corners = np.array([[0, 0, 0, 5], [0, 0, np.nan, 5], [0, 0, 5, 5]], np.float32)
    kept = suppress(Detections(corners, np.array([0.9, 0.8, 0.7]), np.zeros(3, np.int64)), 0.5, 10)
    assert kept.boxes.tolist() == [[0, 0, 5, 5]]

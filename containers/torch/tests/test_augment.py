import numpy as np
import pytest

from sluice_torch.image.augment import Augmentation, augment

NONE = Augmentation(False, False, 0, 0, 0)
PIXELS = np.random.default_rng(1).integers(0, 256, (32, 32, 3), np.uint8)


def seeded(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_nothing_changes_without_augmentation() -> None:
    assert np.array_equal(augment(PIXELS, NONE, seeded(1)), PIXELS)


@pytest.mark.parametrize(
    ("how", "flipped"),
    [
        (Augmentation(True, False, 0, 0, 0), PIXELS[:, ::-1]),
        (Augmentation(False, True, 0, 0, 0), PIXELS[::-1]),
    ],
)
def test_half_of_the_images_are_flipped(how: Augmentation, flipped: np.ndarray) -> None:
    results = [augment(PIXELS, how, seeded(seed)) for seed in range(40)]
    count = sum(np.array_equal(each, flipped) for each in results)
    assert 10 < count < 30
    assert sum(np.array_equal(each, PIXELS) for each in results) == 40 - count


def test_rotation_follows_the_angle() -> None:
    """A dot at the right of the centre moves on a circle."""
    dot = np.zeros((65, 65, 3), np.uint8)
    dot[30:35, 42:47] = 255
    how = Augmentation(False, False, 0.5, 0, 0)
    for seed in range(8):
        y, x = np.argwhere(augment(dot, how, seeded(seed))[:, :, 0] > 128).mean(axis=0)
        angle = seeded(seed).uniform(-0.5, 0.5) * 2 * np.pi
        assert (x, y) == pytest.approx((32 + 12 * np.cos(angle), 32 - 12 * np.sin(angle)), abs=1)


def test_rotation_and_zoom_mirror_the_image_past_its_edge() -> None:
    white = np.full((32, 32, 3), 255, np.uint8)
    how = Augmentation(False, False, 0.3, 0.2, 0)
    assert all(augment(white, how, seeded(seed)).min() == 255 for seed in range(20))


def test_equal_seeds_result_in_equal_images() -> None:
    how = Augmentation(True, True, 0.3, 0.2, 0.3)
    assert np.array_equal(augment(PIXELS, how, seeded(4)), augment(PIXELS, how, seeded(4)))
    assert not np.array_equal(augment(PIXELS, how, seeded(4)), augment(PIXELS, how, seeded(5)))


def test_colours_change_within_bytes() -> None:
    results = [augment(PIXELS, Augmentation(False, False, 0, 0, 0.5), seeded(seed)) for seed in range(10)]
    means = [float(each.mean()) for each in results]
    assert max(means) - min(means) > 20

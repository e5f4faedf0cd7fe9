import numpy as np
import pytest

from sluice_torch.detector.augment.augment import Augmentation, augment
from sluice_torch.detector.augment.geometry import flip_horizontal, flip_vertical, transpose, zoom
from sluice_torch.detector.augment.mosaic import mosaic
from sluice_torch.detector.augment.scene import Scene, crop, letterbox

from .scenes import draw_scene, painted_box

BOXES = [(10, 8, 50, 12), (40, 30, 70, 60)]


def plain_scene() -> Scene:
    return draw_scene(100, 80, BOXES, [0, 1])


def assert_boxes_fit(scene: Scene, tolerance: float = 1.01) -> None:
    assert len(scene.boxes) > 0
    for box, index in zip(scene.boxes, scene.classes, strict=True):
        assert np.abs(box - painted_box(scene, index)).max() <= tolerance


@pytest.mark.parametrize("change", [flip_horizontal, flip_vertical, transpose])
def test_boxes_follow_flips_and_turns(change) -> None:
    changed = change(plain_scene())
    assert_boxes_fit(changed, 0)
    assert not np.array_equal(changed.boxes, plain_scene().boxes)
    assert np.array_equal(change(changed).pixels, plain_scene().pixels)


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.3])
def test_boxes_follow_zoom(factor: float) -> None:
    for seed in range(5):
        scene = zoom(plain_scene(), (128, 96), factor, np.random.default_rng(seed))
        assert scene.size == (128, 96)
        assert_boxes_fit(scene, 1.5)


def test_letterbox_places_the_image_in_the_middle() -> None:
    scene = letterbox(plain_scene(), (128, 128))
    assert scene.pixels[12, 0, 0] == 114 and scene.pixels[13, 0, 0] != 114
    assert (scene.pixels[0] == 114).all() and (scene.pixels[-1] == 114).all()
    assert_boxes_fit(scene, 1.5)


def test_crop_drops_boxes_that_are_mostly_outside() -> None:
    scene = crop(plain_scene(), 45, 0, 55, 80)
    assert scene.classes.tolist() == [1]
    assert scene.boxes.tolist() == [[0, 30, 25, 60]]


def test_mosaic_keeps_boxes_on_their_objects() -> None:
    colours = [draw_scene(100, 80, [BOXES[1]], [index]) for index in (0, 1, 2)]
    empty = draw_scene(100, 80, [], [])
    for seed in range(5):
        scene = mosaic([*colours, empty], (160, 160), 0.2, np.random.default_rng(seed))
        assert scene.size == (160, 160)
        assert_boxes_fit(scene, 1.5)


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 300), (300, 1)])
def test_mosaic_takes_images_of_any_size(size: tuple[int, int]) -> None:
    tiny = draw_scene(*size, [(0, 0, *size)], [0])
    empty = draw_scene(*size, [], [])
    for seed in range(20):
        scene = mosaic([tiny, empty, tiny, empty], (96, 64), 0.9, np.random.default_rng(seed))
        assert scene.size == (96, 64)
        assert (scene.boxes[:, 2:] > scene.boxes[:, :2]).all()


def test_equal_seeds_augment_equally() -> None:
    settings = Augmentation(flip_vertical=True, quarter_turns=True, mosaic=0.5, colour=1.0)

    def run(seed: int) -> Scene:
        return augment(plain_scene(), plain_scene, (96, 96), settings, np.random.default_rng(seed))

    one, same, other = run(1), run(1), run(2)
    assert np.array_equal(one.pixels, same.pixels) and np.array_equal(one.boxes, same.boxes)
    assert not np.array_equal(one.pixels, other.pixels)
    assert one.size == (96, 96)


def test_colour_changes_no_box_and_stays_in_range() -> None:
    settings = Augmentation(flip_horizontal=False, zoom=0.0, colour=1.0)
    scene = augment(plain_scene(), plain_scene, (100, 80), settings, np.random.default_rng(3))
    assert np.array_equal(scene.boxes, plain_scene().boxes)
    assert scene.pixels.dtype == np.uint8 and not np.array_equal(scene.pixels, plain_scene().pixels)

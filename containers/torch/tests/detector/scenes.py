"""Plain scenes for tests: coloured rectangles on grey."""

import numpy as np

from sluice_torch.detector.augment.scene import Scene

COLOURS = np.array([[220, 40, 40], [40, 200, 60], [50, 60, 230]], np.uint8)


def draw_scene(width: int, height: int, boxes: list[tuple[int, int, int, int]], classes: list[int]) -> Scene:
    pixels = np.full((height, width, 3), 128, np.uint8)
    for (left, top, right, bottom), index in zip(boxes, classes, strict=True):
        pixels[top:bottom, left:right] = COLOURS[index]
    return Scene(pixels, np.array(boxes, np.float32).reshape(-1, 4), np.array(classes, np.int64))


def random_scene(chance: np.random.Generator, width: int = 96, height: int = 96) -> Scene:
    """Two rectangles in different halves, one of them thin."""
    thin = int(chance.integers(4, 8))
    at = int(chance.integers(8, height // 2 - thin))
    side = int(chance.integers(14, 30))
    left, top = int(chance.integers(2, width - side)), int(chance.integers(height // 2, height - side))
    boxes = [(6, at, width - 6, at + thin), (left, top, left + side, top + side)]
    return draw_scene(width, height, boxes, [0, int(chance.integers(1, 3))])


def painted_box(scene: Scene, index: int, tolerance: int = 60) -> list[int]:
    """The corners of the pixels that have the colour of a class."""
    far = np.abs(scene.pixels.astype(int) - COLOURS[index].astype(int)).max(axis=2)
    rows, columns = np.nonzero(far <= tolerance)
    return [int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1]

import numpy as np
import torch

from sluice_torch.detector.anchor_match import assign_anchors
from sluice_torch.detector.assign import assign_cells
from sluice_torch.detector.grid import create_grid
from sluice_torch.detector.network import ANCHORS, Predictions
from sluice_torch.detector.targets import Targets, join_targets

GRID = create_grid([(16, 16), (8, 8), (4, 4)], torch.device("cpu"))


def targets_of(*images: list[list[float]]) -> Targets:
    return join_targets(
        [(np.array(boxes, np.float32).reshape(-1, 4), np.zeros(len(boxes), np.int64)) for boxes in images]
    )


def predictions_of(images: int, boxes: torch.Tensor | None = None) -> Predictions:
    if boxes is None:
        half = GRID.strides * 2
        boxes = torch.cat((GRID.points - half, GRID.points + half), dim=1).repeat(images, 1, 1)
    return Predictions(GRID, boxes, torch.full((images, GRID.cells, 2), -4.6))


def test_every_box_has_cells_of_its_own_image() -> None:
    chance = np.random.default_rng(1)
    low = chance.uniform(0, 90, (40, 2))
    boxes = np.concatenate((low, low + chance.uniform(2, 37, (40, 2))), axis=1)
    targets = targets_of(boxes[:25].tolist(), [], boxes[25:].tolist())
    found = assign_cells(predictions_of(3), targets)
    assert len(found.rows.unique()) == len(found.rows)
    assert torch.equal(found.rows // GRID.cells, targets.images[found.targets])
    # Boxes of similar centres compete for cells; nearly all must win one.
    assert len(found.targets.unique()) >= 36


def test_a_wall_between_the_centres_of_cells_has_a_cell() -> None:
    # Centres are at 4, 12, 20 ... for the finest level: none is inside.
    wall = [10.0, 14.0, 120.0, 18.0]
    inside = (GRID.points[:, 1] > wall[1]) & (GRID.points[:, 1] < wall[3])
    found = assign_cells(predictions_of(1), targets_of([wall]))
    assert not inside[found.rows].any() or len(found.rows) > int(inside[found.rows].sum())
    assert len(found.rows) >= 1


def test_good_predictions_decide_which_cells_learn_a_box() -> None:
    box = torch.tensor([30.0, 30.0, 70.0, 70.0])
    boxes = predictions_of(1).boxes.clone()
    # One cell of the middle level predicts the box exactly.
    row = GRID.levels[1].start + 3 * 8 + 3
    boxes[0, row] = box
    found = assign_cells(predictions_of(1, boxes), targets_of([box.tolist()]))
    assert row in found.rows.tolist()


def test_no_targets_assign_nothing() -> None:
    assert len(assign_cells(predictions_of(2), targets_of([], [])).rows) == 0
    anchors = torch.ones(3, ANCHORS, 2)
    assert len(assign_anchors(GRID, anchors, targets_of([], [])).rows) == 0


def test_anchors_of_a_similar_shape_learn_a_box() -> None:
    anchors = torch.tensor(
        [[[6, 60], [60, 6], [10, 10]], [[20, 20], [30, 20], [20, 30]], [[60, 60], [80, 60], [60, 80]]]
    )
    targets = targets_of([[10.0, 40.0, 70.0, 46.0]], [[30.0, 30.0, 95.0, 95.0]])
    found = assign_anchors(GRID, anchors.float(), targets)
    cells, numbers = found.rows // ANCHORS, found.rows % ANCHORS
    image, cell = cells // GRID.cells, cells % GRID.cells
    wall, room = found.targets == 0, found.targets == 1
    assert (image[wall] == 0).all() and (image[room] == 1).all()
    assert (numbers[wall] == 1).all() and (cell[wall] < GRID.levels[1].start).all()
    assert (cell[room] >= GRID.levels[2].start).any()
    apart = (GRID.points[cell[wall]] - torch.tensor([40.0, 43.0])).abs()
    assert (apart <= 8).all() and wall.sum() == 4


def test_the_most_similar_anchor_learns_a_box_of_an_unusual_shape() -> None:
    anchors = torch.full((3, ANCHORS, 2), 10.0)
    found = assign_anchors(GRID, anchors, targets_of([[0.0, 60.0, 128.0, 62.0]]))
    assert len(found.rows) >= 1

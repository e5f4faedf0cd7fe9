import pytest
import torch

from sluice_torch.detector.anchors import fit_anchors
from sluice_torch.detector.name import FAMILIES, SIZES, Family, Size
from sluice_torch.detector.network import ANCHORS, Detector, create_detector


def build(family: Family, size: Size = "n", classes: int = 3) -> Detector:
    torch.manual_seed(1)
    anchors = torch.tensor([[8.0, 8], [4, 40], [40, 4], [16, 16], [8, 80], [80, 8], [32, 32], [64, 32], [32, 64]])
    return create_detector(family, size, classes, anchors).eval()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_output_has_the_shape_that_the_engine_reads(family: Family) -> None:
    cells = 12 * 8 + 6 * 4 + 3 * 2
    with torch.inference_mode():
        output = build(family)(torch.rand(2, 3, 96, 64))
    if family == "anchor-free":
        assert output.shape == (2, 4 + 3, cells)
        scores = output[:, 4:]
    else:
        assert output.shape == (2, cells * ANCHORS, 5 + 3)
        scores = output[..., 4:]
    assert ((scores > 0) & (scores < 1)).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_first_boxes_are_around_their_cells(family: Family) -> None:
    with torch.inference_mode():
        found = build(family).predict(torch.rand(1, 3, 64, 64))
    middle = (found.boxes[0, :, :2] + found.boxes[0, :, 2:]) / 2
    per_cell = len(middle) // found.grid.cells
    points = found.grid.points.repeat_interleave(per_cell, dim=0)
    strides = found.grid.strides.repeat_interleave(per_cell, dim=0)
    assert ((middle - points).abs() < strides).all()
    assert (found.boxes[..., 2:] > found.boxes[..., :2]).all()


def test_larger_sizes_have_more_parameters() -> None:
    counts = [sum(one.numel() for one in build("anchor-free", size).parameters()) for size in SIZES]
    assert counts == sorted(counts) and counts[0] < 2_000_000 < counts[-1]


def test_rows_and_pixels_correspond() -> None:
    """A bright spot changes the scores of the cells around it most."""
    detector = build("anchor-free")
    image = torch.zeros(1, 3, 96, 96)
    with torch.inference_mode():
        before = detector.predict(image)
        image[:, :, 68:76, 20:28] = 1
        after = detector.predict(image)
    fine = before.grid.levels[0]
    change = (after.logits - before.logits).abs().sum(dim=-1)[0, : fine.height * fine.width]
    x, y = before.grid.points[change.argmax()].tolist()
    assert abs(x - 24) <= 16 and abs(y - 72) <= 16


def test_anchors_follow_the_shapes_of_the_boxes() -> None:
    chance = torch.Generator().manual_seed(1)
    walls = torch.tensor([5.0, 200.0]) * (1 + 0.1 * torch.rand(300, 2, generator=chance))
    doors = torch.tensor([40.0, 40.0]) * (1 + 0.1 * torch.rand(300, 2, generator=chance))
    anchors = fit_anchors(torch.cat((walls, doors)).numpy(), seed=1)
    again = fit_anchors(torch.cat((walls, doors)).numpy(), seed=1)
    assert anchors.shape == (3, ANCHORS, 2) and (anchors == again).all()
    ratios = anchors[..., 1] / anchors[..., 0]
    assert ratios.max() > 30 and ratios.min() < 1.5
    assert fit_anchors(torch.tensor([[5.0, 200.0]] * 4).numpy(), seed=1).shape == (3, ANCHORS, 2)

import torch

from sluice_torch.detector.coding import decode_anchors, decode_sides, encode_sides


def test_sides_survive_coding_from_thin_walls_to_whole_plans() -> None:
    points = torch.tensor([[100.0, 100.0]]).repeat(4, 1)
    strides = torch.full((4, 1), 8.0)
    corners = torch.tensor(
        [
            [98.0, 0.0, 103.0, 640.0],
            [0.0, 0.0, 1280.0, 1280.0],
            # The cell's centre is outside this box.
            [20.0, 102.0, 400.0, 105.0],
            [99.0, 99.0, 101.0, 101.0],
        ]
    )
    decoded = decode_sides(encode_sides(corners, points, strides), points, strides)
    assert torch.allclose(decoded, corners, atol=1e-2)


def test_extreme_values_stay_finite() -> None:
    points, strides = torch.zeros(1, 2), torch.full((1, 1), 32.0)
    assert decode_sides(torch.full((1, 4), 1e4), points, strides).isfinite().all()
    assert decode_anchors(torch.full((1, 4), 1e4), points, strides, torch.tensor([[10.0, 10.0]])).isfinite().all()


def test_anchor_values_of_zero_are_the_anchor_at_the_cell() -> None:
    box = decode_anchors(
        torch.zeros(1, 4), torch.tensor([[20.0, 12.0]]), torch.tensor([[8.0]]), torch.tensor([[10.0, 4.0]])
    )
    assert box.tolist() == [[15, 10, 25, 14]]

"""Between the network's four numbers for a box and its corners in input pixels."""

import torch
from torch import Tensor

# sinh(6.5) cells of 8 pixels are 2,660 pixels; larger values overflow in half precision.
_MOST = 6.5
# A box is at most 55 times larger than its anchor.
_MOST_LOG = 4.0


def decode_sides(values: Tensor, points: Tensor, strides: Tensor) -> Tensor:
    """Distances from a cell's centre to the four sides.

    In cells, distance = sinh(value): about linear where a pixel decides (a thin wall beside the cell), and about
    exponential for far sides. A negative distance is a side on the other side of the cell's centre.
    """
    distances = _sinh(values.clamp(-_MOST, _MOST)) * strides
    return torch.cat((points - distances[..., :2], points + distances[..., 2:]), dim=-1)


def encode_sides(corners: Tensor, points: Tensor, strides: Tensor) -> Tensor:
    distances = torch.cat((points - corners[..., :2], corners[..., 2:] - points), dim=-1)
    return torch.asinh(distances / strides)


def decode_anchors(values: Tensor, points: Tensor, strides: Tensor, anchors: Tensor) -> Tensor:
    """A shift of the centre in cells, and the logarithm of the size as a multiple of the anchor's."""
    centre = points + values[..., :2] * strides
    size = anchors * torch.exp(values[..., 2:].clamp(-_MOST_LOG, _MOST_LOG))
    return torch.cat((centre - size / 2, centre + size / 2), dim=-1)


def _sinh(value: Tensor) -> Tensor:
    # Written out: not every ONNX runtime has a kernel for Sinh.
    return (torch.exp(value) - torch.exp(-value)) / 2

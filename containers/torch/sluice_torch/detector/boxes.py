"""Boxes as corners: left, top, right, bottom."""

import torch
from torch import Tensor

_EPSILON = 1e-9


def to_corners(centred: Tensor) -> Tensor:
    """Convert centre x, centre y, width, height in the last dimension."""
    centre, size = centred[..., :2], centred[..., 2:4]
    return torch.cat((centre - size / 2, centre + size / 2), dim=-1)


def to_centred(corners: Tensor) -> Tensor:
    low, high = corners[..., :2], corners[..., 2:4]
    return torch.cat(((low + high) / 2, high - low), dim=-1)


def area(corners: Tensor) -> Tensor:
    size = (corners[..., 2:4] - corners[..., :2]).clamp(min=0)
    return size[..., 0] * size[..., 1]


def overlap(one: Tensor, other: Tensor) -> Tensor:
    """Intersection over union of boxes in pairs; leading dimensions are broadcast."""
    shared, union = _shared_and_union(one, other)
    return shared / (union + _EPSILON)


def overlap_matrix(one: Tensor, other: Tensor) -> Tensor:
    """Intersection over union of each box of `one` (rows) with each of `other` (columns)."""
    return overlap(one[:, None], other[None, :])


def generalised_overlap(one: Tensor, other: Tensor) -> Tensor:
    """GIoU: the overlap, less the empty share of the smallest box around both. Pairs far apart approach -1."""
    shared, union = _shared_and_union(one, other)
    low = torch.minimum(one[..., :2], other[..., :2])
    high = torch.maximum(one[..., 2:4], other[..., 2:4])
    hull = area(torch.cat((low, high), dim=-1)) + _EPSILON
    return shared / (union + _EPSILON) - (hull - union) / hull


def _shared_and_union(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    low = torch.maximum(one[..., :2], other[..., :2])
    high = torch.minimum(one[..., 2:4], other[..., 2:4])
    size = (high - low).clamp(min=0)
    shared = size[..., 0] * size[..., 1]
    return shared, area(one) + area(other) - shared

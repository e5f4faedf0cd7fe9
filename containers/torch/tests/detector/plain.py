"""Plain implementations that tests compare with."""

from collections.abc import Sequence

Box = Sequence[float]


def overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (area(one) + area(other) - shared)


def generalised_overlap(one: Box, other: Box) -> float:
    hull = [min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])]
    ratio = overlap(one, other)
    union = (area(one) + area(other)) / (1 + ratio)
    return ratio - (area(hull) - union) / area(hull)


def area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def suppress(boxes: list[Box], scores: list[float], classes: list[int], most: float, limit: int) -> list[int]:
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda at: -scores[at]):
        same = [other for other in kept if classes[other] == classes[index]]
        if all(overlap(boxes[other], boxes[index]) <= most for other in same):
            kept.append(index)
    return kept[:limit]

"""Turns a detector's output into boxes in pixels of the source image."""

import numpy as np

DEFAULTS = {"confidence": 0.25, "iou": 0.45, "maxDetections": 300}
# Above this number only the highest scores are compared: the work grows with the square.
MAX_COMPARED = 30_000


def detect(output, manifest, place, source):
    limits = {**DEFAULTS, **manifest.get("thresholds", {})}
    corners, scores, classes = read_head(output[0], manifest["output"]["head"], len(manifest["classes"]))
    usable = (scores > limits["confidence"]) & np.isfinite(corners).all(axis=1)
    usable &= (corners[:, 2] > corners[:, 0]) & (corners[:, 3] > corners[:, 1])
    corners, scores, classes = corners[usable], scores[usable], classes[usable]
    order = np.argsort(-scores, kind="stable")[:MAX_COMPARED]
    # A model with the head `nms` has suppressed overlaps already.
    iou = 1 if manifest["output"]["head"] == "nms" else limits["iou"]
    kept = suppress(corners, classes, order, iou, limits["maxDetections"])
    found = []
    for index in kept:
        box = to_source(corners[index], place, source)
        if box["width"] > 0 and box["height"] > 0:
            name, score = manifest["classes"][classes[index]], min(float(scores[index]), 1.0)
            found.append({"class": name, "confidence": score, "box": box})
    return found


def read_head(values, head, count):
    """Corners, scores and classes of all candidates, in input pixels."""
    if head == "nms":
        classes = np.rint(values[:, 5]).astype(np.int64)
        known = (classes >= 0) & (classes < count)
        return values[known, :4], values[known, 4], classes[known]
    rows = values.T if head == "yolov8" else values
    each = rows[:, 4:] if head == "yolov8" else rows[:, 5:] * rows[:, 4:5]
    centre, half = rows[:, :2], rows[:, 2:4] / 2
    classes = each.argmax(axis=1)
    return np.concatenate([centre - half, centre + half], axis=1), each.max(axis=1), classes


def suppress(corners, classes, order, limit, most):
    """Keeps the highest score of boxes of one class that overlap by more than the limit."""
    kept = []
    for index in order:
        others = [other for other in kept if classes[other] == classes[index]]
        if others and overlaps(corners[index], corners[others]).max() > limit:
            continue
        kept.append(index)
        if len(kept) == most:
            break
    return kept


def overlaps(box, others):
    """Intersection over union with each of the others."""
    width = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
    height = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    return shared / ((box[2] - box[0]) * (box[3] - box[1]) + areas - shared)


def to_source(box, place, source):
    """From input pixels to source pixels, clipped to the image."""
    (size, offset), corners = place, []
    for axis, value in enumerate(box):
        side = axis % 2
        moved = (float(value) - offset[side]) * source[side] / size[side]
        corners.append(min(max(moved, 0.0), float(source[side])))
    left, top, right, bottom = corners
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}

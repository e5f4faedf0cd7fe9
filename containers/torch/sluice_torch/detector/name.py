"""Families and sizes of detectors."""

from typing import Literal, get_args

Family = Literal["anchor-free", "anchor-based"]
Size = Literal["n", "s", "m"]
Head = Literal["yolov8", "yolov5"]

FAMILIES: tuple[Family, ...] = get_args(Family)
SIZES: tuple[Size, ...] = get_args(Size)

# How the serving engine reads the output of each family.
HEADS: dict[Family, Head] = {"anchor-free": "yolov8", "anchor-based": "yolov5"}

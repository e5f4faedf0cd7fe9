"""Reads a channel without a list: class folders, or the layout of YOLO trainers (images/, labels/, data.yaml)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from ..error import TrainingError
from .items import ItemStore, is_image, is_text


def list_files(folder: Path) -> Iterator[str]:
    """Relative paths in name order, without hidden files."""
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if not name.startswith("."):
                yield os.path.relpath(os.path.join(parent, name), folder)


def read_class_folders(folder: Path, store: ItemStore) -> None:
    for name in list_files(folder):
        label = os.path.basename(os.path.dirname(name))
        if label and (is_image(name) or is_text(name)):
            store.add(name, label=label, file=str(folder / name))


def read_yolo_folder(folder: Path, store: ItemStore) -> list[str]:
    """Returns the class names. An image without a label file has no boxes."""
    classes = read_class_names(folder / "data.yaml")
    images = folder / "images"
    for name in list_files(images):
        if not is_image(name):
            continue
        labels = folder / "labels" / Path(name).with_suffix(".txt")
        boxes = read_yolo_labels(labels, images / name, classes) if labels.exists() else []
        store.add(f"images/{name}", file=str(images / name), boxes=boxes)
    return classes


def read_class_names(file: Path) -> list[str]:
    names = yaml.safe_load(file.read_text(encoding="utf-8")).get("names")
    if isinstance(names, dict):
        names = [names[key] for key in sorted(names)]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TrainingError("LIST_INVALID", "data.yaml has no 'names'. List the classes in their order.")
    return names


def read_yolo_labels(labels: Path, image: Path, classes: list[str]) -> list[dict[str, Any]]:
    """Lines `class x y width height`: centre and size as shares of the image."""
    try:
        with Image.open(image) as opened:
            width, height = opened.size
    except Exception:
        # Reported with the other unreadable images.
        return []
    boxes = []
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            kind, x, y, w, h = line.split()[:5]
            name = classes[int(kind)]
            centre_x, centre_y, wide, high = float(x), float(y), float(w), float(h)
        except (ValueError, IndexError) as error:
            message = f"{labels.name}, line {number} is not 'class x y width height' with a class of data.yaml."
            raise TrainingError("LIST_INVALID", message) from error
        boxes.append(
            {
                "class": name,
                "x": (centre_x - wide / 2) * width,
                "y": (centre_y - high / 2) * height,
                "width": wide * width,
                "height": high * height,
            }
        )
    return boxes

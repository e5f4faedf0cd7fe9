"""Labelled items by reference: their lines are in a file, only offsets and labels are in memory."""

import hashlib
import json
import os
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ..error import TrainingError


@dataclass(frozen=True)
class Box:
    """In pixels of the source image, from its top left corner."""

    label: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Item:
    name: str
    # -1 for an item with boxes.
    label: int
    file: str | None = None
    text: str | None = None
    boxes: tuple[Box, ...] = ()


class Items(Sequence[Item]):
    """100,000 items need two megabytes: each is read from the file when it is used."""

    def __init__(self, store: "ItemStore", rows: NDArray[np.int64]) -> None:
        self._store = store
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> "Items": ...
    def __getitem__(self, index: int | slice) -> "Item | Items":
        if isinstance(index, slice):
            return Items(self._store, self._rows[index])
        return self._store.read(int(self._rows[index]))

    def select(self, indices: NDArray[np.int64]) -> "Items":
        return Items(self._store, self._rows[indices])

    @property
    def labels(self) -> NDArray[np.int64]:
        return self._store.labels[self._rows]

    @property
    def row_numbers(self) -> NDArray[np.int64]:
        """They identify an item in the caches of its store."""
        return self._rows


class ItemStore:
    """Collects items into a file of normalised lines, then reads them by row."""

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file = file.open("wb")
        # Arrays of numbers: a list of 100,000 Python objects is ten times larger.
        self._offsets = array("q")
        self._kinds = array("q")
        self._kind_of: dict[str | None, int] = {None: -1}
        self._digest = hashlib.sha256()
        self._position = 0
        self._descriptor = -1
        self._classes: dict[str, int] = {}
        self.labels: NDArray[np.int64] = np.zeros(0, np.int64)
        self.has_boxes = False
        self.has_images = False
        self.counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._kinds)

    def add(
        self,
        name: str,
        *,
        label: str | None = None,
        file: str | None = None,
        text: str | None = None,
        boxes: list[dict[str, Any]] | None = None,
    ) -> None:
        entry = {"name": name, "label": label, "file": file, "text": text, "boxes": boxes}
        line = json.dumps({key: value for key, value in entry.items() if value is not None}).encode()
        # The folder of a channel differs between two starts of a job, so the digest excludes it.
        self._digest.update(f"{name}\0{label}\0{text}\0{json.dumps(boxes)}\n".encode())
        self._offsets.append(self._position)
        self._kinds.append(self._kind_of.setdefault(label, len(self._kind_of) - 1))
        self._file.write(line + b"\n")
        self._position += len(line) + 1
        self.has_boxes |= boxes is not None
        self.has_images |= file is not None and is_image(file)
        self.counts.update([label] if label is not None else [box["class"] for box in boxes or []])

    def finish(self, classes: Sequence[str]) -> Items:
        unknown = sorted(set(self.counts) - set(classes))
        if unknown:
            message = f"The label '{unknown[0]}' is not one of the model's classes: {', '.join(classes)}."
            raise TrainingError("LABEL_UNKNOWN", message)
        self._classes = {name: index for index, name in enumerate(classes)}
        self._file.close()
        self._descriptor = os.open(self._path, os.O_RDONLY)
        self._offsets.append(self._position)
        # By kind; the last entry is that of items with boxes, whose kind is -1.
        labels = [self._classes[name] for name in self._kind_of if name is not None] + [-1]
        self.labels = np.array(labels, np.int64)[np.array(self._kinds, np.int64)]
        return Items(self, np.arange(len(self.labels), dtype=np.int64))

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def read(self, row: int) -> Item:
        start, end = self._offsets[row], self._offsets[row + 1]
        # pread has no shared position, so worker processes can use one descriptor.
        entry = json.loads(os.pread(self._descriptor, end - start, start))
        boxes = tuple(
            Box(self._classes[box["class"]], box["x"], box["y"], box["width"], box["height"])
            for box in entry.get("boxes", ())
        )
        return Item(entry["name"], int(self.labels[row]), entry.get("file"), entry.get("text"), boxes)


IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff")


def is_image(file: str) -> bool:
    return file.lower().endswith(IMAGE_SUFFIXES)


def is_text(file: str) -> bool:
    return file.lower().endswith(".txt")

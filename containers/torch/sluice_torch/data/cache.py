"""Decoded images in slots of one file: bounded on disk, and outside the memory of the process."""

import os
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Of the free disk; the rest is for the model and its checkpoints.
DISK_SHARE = 0.5


class PixelCache:
    """Worker processes share it: a byte for each slot tells whether it was written."""

    def __init__(self, folder: Path, name: str, images: int, shape: tuple[int, int], max_bytes: int) -> None:
        height, width = shape
        self._shape = (height, width, 3)
        self._bytes = height * width * 3
        bound = min(max_bytes, int(shutil.disk_usage(folder).free * DISK_SHARE))
        self.slots = min(images, bound // self._bytes)
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
        self._file = os.open(folder / f"{name}.pixels", flags, 0o600)
        # Width and height of the source image; 0 for an empty slot.
        self._sizes = np.memmap(folder / f"{name}.sizes", np.int32, "w+", shape=(max(1, self.slots), 2))

    def read(self, slot: int) -> tuple[NDArray[np.uint8], tuple[int, int]] | None:
        if slot >= self.slots or self._sizes[slot, 0] == 0:
            return None
        data = os.pread(self._file, self._bytes, slot * self._bytes)
        width, height = self._sizes[slot]
        # A copy: augmentations may write into it.
        return np.frombuffer(data, np.uint8).reshape(self._shape).copy(), (int(width), int(height))

    def write(self, slot: int, pixels: NDArray[np.uint8], source: tuple[int, int]) -> None:
        if slot >= self.slots:
            return
        os.pwrite(self._file, np.ascontiguousarray(pixels).data, slot * self._bytes)
        # Last: a reader sees a size only after the pixels are complete.
        self._sizes[slot, 1] = source[1]
        self._sizes[slot, 0] = source[0]

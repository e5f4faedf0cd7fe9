"""Reads the images of items at the model's size, through the cache."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..error import StopRequested, TrainingError
from .cache import PixelCache
from .decode import Decoded, Resize, UnreadableImage, decode
from .items import Items
from .loader import Loader, SequentialOrder, Workers

REPORT_EVERY = 500
# Names in the log; the count is complete.
MAX_NAMED = 20
BATCH = 16


class ImageSource:
    def __init__(
        self, items: Items, size: tuple[int, int], resize: Resize, scratch: Path, name: str, cache_bytes: int
    ) -> None:
        """`size` is (width, height)."""
        self.items = items
        self.size = size
        self.resize: Resize = resize
        last = int(items.row_numbers.max(initial=-1)) + 1
        self._cache = PixelCache(scratch, name, last, (size[1], size[0]), cache_bytes)

    def __len__(self) -> int:
        return len(self.items)

    def read(self, index: int) -> Decoded:
        slot = int(self.items.row_numbers[index])
        cached = self._cache.read(slot)
        if cached:
            return Decoded(*cached)
        item = self.items[index]
        decoded = decode(read_file(item.file or ""), self.size, self.resize)
        self._cache.write(slot, decoded.pixels, decoded.source)
        return decoded

    def keep(self, items: Items) -> None:
        """Drops the other items; the cache remains valid."""
        self.items = items


def read_file(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except FileNotFoundError as error:
        raise UnreadableImage("The file is missing.") from error
    except OSError as error:
        raise UnreadableImage(f"The file cannot be read: {error.strerror}.") from error


@dataclass(frozen=True)
class Check:
    """Decodes every image once in worker processes, into the cache."""

    source: ImageSource

    def __getitem__(self, key: tuple[int, int]) -> tuple[int, str | None]:
        index = key[1]
        try:
            self.source.read(index)
            return index, None
        except UnreadableImage as error:
            return index, str(error)


def drop_unreadable(
    source: ImageSource, workers: Workers, log: Callable[[str], None], stopping: Callable[[], bool]
) -> int:
    """Logs and drops items whose image cannot be read. Returns their number."""
    bad: dict[int, str] = {}
    done = 0
    loader = Loader(Check(source), SequentialOrder(len(source), BATCH), workers)
    for results in loader.batches():
        if stopping():
            raise StopRequested
        bad |= {index: reason for index, reason in results if reason is not None}
        done += len(results)
        if done // REPORT_EVERY > (done - len(results)) // REPORT_EVERY:
            log(f"read {done} of {len(source)} images")
    loader.close()
    items = source.items
    for index, reason in sorted(bad.items())[:MAX_NAMED]:
        log(f"skipped {items[index].name}: {reason}")
    if len(bad) > MAX_NAMED:
        log(f"skipped {len(bad) - MAX_NAMED} more unreadable images")
    if bad and len(bad) == len(items):
        first = min(bad)
        message = f"None of the {len(items)} images can be read. The first: {items[first].name}: {bad[first]}"
        raise TrainingError("DATA_INVALID", message)
    good = np.setdiff1d(np.arange(len(items)), np.array(sorted(bad), np.int64))
    source.keep(items.select(good))
    return len(bad)

"""Reads the texts of items; unreadable ones are named and left out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ..data.items import Item, Items
from ..error import StopRequested, TrainingError

MAX_NAMED = 20


class UnreadableText(Exception):
    """The reason is one sentence."""


def read_text(item: Item) -> str:
    if item.text is not None:
        text = item.text
    else:
        try:
            text = Path(item.file or "").read_bytes().decode("utf-8")
        except FileNotFoundError as error:
            raise UnreadableText("The file is missing.") from error
        except OSError as error:
            raise UnreadableText(f"The file cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise UnreadableText("The file is not UTF-8 text.") from error
    if not text.strip():
        raise UnreadableText("The text is empty.")
    # JSON can contain half of a surrogate pair, which no tokenizer accepts.
    return text.encode("utf-8", "replace").decode("utf-8")


def drop_unreadable(items: Items, log: Callable[[str], None], stopping: Callable[[], bool]) -> tuple[Items, int]:
    bad: dict[int, str] = {}
    for index in range(len(items)):
        if stopping():
            raise StopRequested
        try:
            read_text(items[index])
        except UnreadableText as error:
            bad[index] = str(error)
    for index, reason in list(bad.items())[:MAX_NAMED]:
        log(f"skipped {items[index].name}: {reason}")
    if len(bad) > MAX_NAMED:
        log(f"skipped {len(bad) - MAX_NAMED} more unreadable texts")
    if bad and len(bad) == len(items):
        first = min(bad)
        message = f"None of the {len(items)} texts can be read. The first: {items[first].name}: {bad[first]}"
        raise TrainingError("DATA_INVALID", message)
    good = np.setdiff1d(np.arange(len(items)), np.array(sorted(bad), np.int64))
    return items.select(good), len(bad)


def each_text(items: Items) -> Iterator[str]:
    """One at a time: texts do not stay in memory."""
    for index in range(len(items)):
        yield read_text(items[index])

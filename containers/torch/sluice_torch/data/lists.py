"""Reads lists of labelled files and texts: one JSON object on each line."""

import json
import os
from pathlib import Path
from typing import Any

from ..error import TrainingError
from .items import ItemStore

BOX_FIELDS = ("x", "y", "width", "height")


def read_list(file: Path, root: Path, name: str, store: ItemStore) -> None:
    """`root` is the folder of the files; `name` is the list's name in errors."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                add_line(line, root, f"{name}, line {number}", store)


def add_line(line: str, root: Path, where: str, store: ItemStore) -> None:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        raise TrainingError("LIST_INVALID", f"{where} is not JSON. Write one JSON object a line.") from error
    if not isinstance(entry, dict):
        raise TrainingError("LIST_INVALID", f"{where} is not a JSON object.")
    file, label, text, boxes = (entry.get(key) for key in ("file", "label", "text", "boxes"))
    if isinstance(boxes, list):
        label, boxes = None, [check_box(box, where) for box in boxes]
    elif not isinstance(label, str) or not label:
        raise TrainingError("LIST_INVALID", f'{where} has neither a "label" nor "boxes".')
    else:
        boxes = None
    if isinstance(text, str):
        store.add(file if isinstance(file, str) else where, label=label, text=text)
        return
    if not isinstance(file, str):
        raise TrainingError("LIST_INVALID", f'{where} has neither "file" nor "text".')
    path = os.path.normpath(root / file)
    if not path.startswith(os.path.join(os.path.normpath(root), "")):
        raise TrainingError("LIST_INVALID", f"{where} names '{file}', which is outside the channel.")
    store.add(file, label=label, file=path, boxes=boxes)


def check_box(box: Any, where: str) -> dict[str, Any]:
    valid = (
        isinstance(box, dict)
        and isinstance(box.get("class"), str)
        and all(isinstance(box.get(name), int | float) for name in BOX_FIELDS)
    )
    if not valid:
        raise TrainingError("LIST_INVALID", f"{where} has a box without class, x, y, width or height.")
    return {name: box[name] for name in ("class", *BOX_FIELDS)}

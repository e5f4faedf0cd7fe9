"""Reads the channels of a job: a prepared dataset with its files in `train` and `validation`, or these two alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..error import TrainingError
from .folders import list_files, read_class_folders, read_yolo_folder
from .items import Items, ItemStore
from .lists import read_list
from .split import split

LISTS = (".jsonl", ".manifest")


@dataclass(frozen=True)
class Prepared:
    """The description of a prepared dataset."""

    id: str | None = None
    digest: str | None = None
    classes: tuple[str, ...] | None = None
    # A factor for each class.
    weights: dict[str, float] = field(default_factory=dict)


@dataclass
class Input:
    train: ItemStore
    validation: ItemStore | None
    prepared: Prepared | None
    # The order of data.yaml.
    classes: list[str] | None = None

    def stores(self) -> list[ItemStore]:
        return [self.train, *([self.validation] if self.validation else [])]

    def task(self) -> str:
        if any(store.has_boxes for store in self.stores()):
            return "object-detection"
        images = any(store.has_images for store in self.stores())
        return "image-classification" if images else "text-classification"

    def resolve_classes(self, declared: Sequence[str] | None) -> list[str]:
        prepared = self.prepared.classes if self.prepared else None
        seen = sorted({name for store in self.stores() for name in store.counts})
        return list(declared or prepared or self.classes or seen)

    def finish(self, classes: Sequence[str], share: float, seed: int) -> tuple[Items, Items]:
        """Holds out a share of the training items where the job has no validation channel."""
        if self.validation and len(self.validation) > 0:
            return self.train.finish(classes), self.validation.finish(classes)
        return split(self.train.finish(classes), share, seed)


def read_channels(data: Path, scratch: Path) -> Input:
    train = ItemStore(scratch / "train.items")
    validation = ItemStore(scratch / "validation.items")
    if (data / "dataset/train.jsonl").exists():
        read_list(data / "dataset/train.jsonl", data / "train", "train.jsonl", train)
        held_out = data / "dataset/validation.jsonl"
        if held_out.exists():
            read_list(held_out, data / "validation", "validation.jsonl", validation)
        return Input(train, validation, read_description(data / "dataset/dataset.json"))
    if (data / "dataset").exists():
        message = "The 'dataset' channel has no train.jsonl. Prepare the dataset again, then train on it."
        raise TrainingError("DATA_MISSING", message)
    folder = next((data / name for name in ("train", "training") if (data / name).exists()), None)
    if folder is None:
        raise TrainingError("DATA_MISSING", "The job has no 'train' channel. Add it to InputDataConfig.")
    classes = read_channel(folder, train)
    if (data / "validation").exists():
        read_channel(data / "validation", validation)
    return Input(train, validation, None, classes)


def read_channel(folder: Path, store: ItemStore) -> list[str] | None:
    if (folder / "data.yaml").exists():
        return read_yolo_folder(folder, store)
    lists = [name for name in list_files(folder) if name.lower().endswith(LISTS)]
    for name in lists:
        read_list(folder / name, folder, name, store)
    if not lists:
        read_class_folders(folder, store)
    return None


def read_description(file: Path) -> Prepared:
    if not file.exists():
        return Prepared()
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        weights = {name: float(factor) for name, factor in (found.get("weights") or {}).items()}
        classes = found.get("classes")
        if any(factor <= 0 for factor in weights.values()):
            raise ValueError("a weight is not positive")
        if classes is not None and not all(isinstance(name, str) for name in classes):
            raise ValueError("'classes' is not a list of names")
        identity: dict[str, Any] = {key: found.get(key) for key in ("id", "digest")}
        return Prepared(**identity, classes=tuple(classes) if classes else None, weights=weights)
    except (ValueError, TypeError, AttributeError) as error:
        message = f"dataset.json cannot be used: {error}. Prepare the dataset again."
        raise TrainingError("DATA_INVALID", message) from error

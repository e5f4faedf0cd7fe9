import json
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from sluice_torch.data.channels import Input, read_channels
from sluice_torch.data.items import ItemStore
from sluice_torch.error import TrainingError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def read(data: Path) -> Input:
    return read_channels(data, data.parent / "scratch")


def write(file: Path, *lines: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))


def test_a_prepared_dataset_is_read_with_its_description(data: Path) -> None:
    write(data / "dataset/train.jsonl", {"file": "a/1.jpg", "label": "x"}, {"file": "a/2.jpg", "label": "y"})
    write(data / "dataset/validation.jsonl", {"file": "t", "label": "x", "text": "words"})
    write(data / "dataset/dataset.json", {"id": "ds_1", "digest": "d", "classes": ["y", "x"], "weights": {"x": 2}})
    found = read(data)
    assert found.prepared
    assert (found.prepared.id, found.prepared.weights) == ("ds_1", {"x": 2.0})
    classes = found.resolve_classes(None)
    train, held = found.finish(classes, 0.2, 1)
    assert classes == ["y", "x"]
    assert [(item.name, item.label) for item in train] == [("a/1.jpg", 1), ("a/2.jpg", 0)]
    assert train[0].file == str(data / "train/a/1.jpg")
    assert held[0].text == "words"
    assert found.task() == "image-classification"


def test_class_folders_are_split_by_class(data: Path) -> None:
    for label in ("a", "b"):
        for index in range(10):
            write(data / "train" / label / f"{index}.txt", f"text {index}")
    train, held = read(data).finish(["a", "b"], 0.2, 1)
    assert (len(train), len(held)) == (16, 4)
    assert sorted(held.labels.tolist()) == [0, 0, 1, 1]
    assert not {item.name for item in train} & {item.name for item in held}
    again, _ = read(data).finish(["a", "b"], 0.2, 1)
    assert [item.name for item in train] == [item.name for item in again]


def test_boxes_of_lists_and_of_the_yolo_layout_are_equal(data: Path) -> None:
    (data / "train/images").mkdir(parents=True)
    Image.new("RGB", (200, 100)).save(data / "train/images/1.png")
    write(data / "train/labels/1.txt", "1 0.5 0.5 0.2 0.4")
    write(data / "train/data.yaml", "names:", "  0: wall", "  1: door")
    box = {"class": "door", "x": 80, "y": 30, "width": 40, "height": 40}
    write(data / "validation/labels.jsonl", {"file": "1.png", "boxes": [box]}, {"file": "2.png", "boxes": []})
    found = read(data)
    classes = found.resolve_classes(None)
    assert classes == ["wall", "door"]
    train, held = found.finish(classes, 0.2, 1)
    assert train[0].boxes == pytest.approx(held[0].boxes)
    assert held[1].boxes == ()
    assert found.task() == "object-detection"
    assert found.train.counts == {"door": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('{"file":"a.jpg"}', 'neither a "label" nor "boxes"'),
        ('{"label":"a"}', 'neither "file" nor "text"'),
        ('{"file":"../../../etc/passwd","label":"a"}', "outside the channel"),
        ('{"file":"/etc/passwd","label":"a"}', "outside the channel"),
        ('{"file":"a.jpg","boxes":[{"class":"a","x":1}]}', "a box without"),
    ],
)
def test_an_invalid_line_is_an_error_with_its_place(data: Path, line: str, reason: str) -> None:
    write(data / "train/labels.jsonl", line)
    with pytest.raises(TrainingError, match=f"LIST_INVALID: labels.jsonl, line 1 .*{reason}"):
        read(data)


def test_missing_channels_and_damaged_descriptions_are_errors(data: Path) -> None:
    with pytest.raises(TrainingError, match="no 'train' channel"):
        read(data)
    write(data / "dataset/train.jsonl", {"file": "a", "label": "a", "text": "b"})
    write(data / "dataset/dataset.json", {"weights": {"a": -1}})
    with pytest.raises(TrainingError, match="dataset.json cannot be used: a weight is not positive"):
        read(data)
    (data / "dataset/train.jsonl").unlink()
    with pytest.raises(TrainingError, match=r"no train\.jsonl"):
        read(data)


def test_a_label_outside_the_declared_classes_is_an_error(data: Path) -> None:
    write(data / "train/labels.jsonl", {"file": "a.txt", "label": "c", "text": "words"})
    with pytest.raises(TrainingError, match="'c' is not one of the model's classes: a, b"):
        read(data).finish(["a", "b"], 0.2, 1)


def test_items_stay_in_their_file(tmp_path: Path) -> None:
    """Memory for 20,000 items with long names and texts."""
    tracemalloc.start()
    store = ItemStore(tmp_path / "items")
    for index in range(20_000):
        store.add(f"data/{index:0100}", label=f"class {index % 3}", text="a word " * 20)
    items = store.finish(["class 0", "class 1", "class 2"])
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(items) == 20_000
    assert items[19_999].name.endswith("19999")
    assert used < 1_000_000

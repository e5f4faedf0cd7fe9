from pathlib import Path

import numpy as np
import pytest
from job import draw

from sluice_torch.data.images import ImageSource, drop_unreadable
from sluice_torch.data.items import Items, ItemStore
from sluice_torch.data.loader import Workers
from sluice_torch.error import StopRequested, TrainingError


def store(folder: Path, count: int) -> Items:
    found = ItemStore(folder / "items")
    for index in range(count):
        file = folder / f"{index}.png"
        draw("red", index, 40).save(file)
        found.add(file.name, label="red", file=str(file))
    return found.finish(["red"])


def source(folder: Path, items: Items, cache_bytes: int) -> ImageSource:
    return ImageSource(items, (20, 20), "stretch", folder, "train", cache_bytes)


def test_cached_images_are_equal_and_need_no_file(tmp_path: Path) -> None:
    images = source(tmp_path, store(tmp_path, 4), 1 << 20)
    first = [images.read(index) for index in range(4)]
    for file in tmp_path.glob("*.png"):
        file.unlink()
    for index, decoded in enumerate(first):
        again = images.read(index)
        assert np.array_equal(again.pixels, decoded.pixels)
        assert again.source == decoded.source == (40, 40)


def test_the_cache_is_bounded_and_the_rest_is_decoded_again(tmp_path: Path) -> None:
    images = source(tmp_path, store(tmp_path, 5), 2 * 20 * 20 * 3)
    expected = [images.read(index).pixels for index in range(5)]
    assert (tmp_path / "train.pixels").stat().st_size == 2 * 20 * 20 * 3
    assert all(np.array_equal(images.read(index).pixels, expected[index]) for index in range(5))


def test_changes_to_pixels_do_not_reach_the_cache(tmp_path: Path) -> None:
    images = source(tmp_path, store(tmp_path, 1), 1 << 20)
    images.read(0)
    images.read(0).pixels[:] = 7
    assert images.read(0).pixels.max() > 7


@pytest.mark.parametrize("workers", [0, 2])
def test_unreadable_images_are_counted_named_and_left_out(tmp_path: Path, workers: int) -> None:
    images = source(tmp_path, store(tmp_path, 40), 1 << 20)
    (tmp_path / "3.png").write_bytes(b"broken")
    (tmp_path / "7.png").unlink()
    lines: list[str] = []
    assert drop_unreadable(images, Workers(workers), lines.append, lambda: False) == 2
    assert len(images) == 38
    assert "3.png" not in [item.name for item in images.items]
    assert lines[0].startswith("skipped 3.png: The image cannot be read")
    assert lines[1] == "skipped 7.png: The file is missing."


def test_only_unreadable_images_are_an_error(tmp_path: Path) -> None:
    images = source(tmp_path, store(tmp_path, 2), 1 << 20)
    for file in tmp_path.glob("*.png"):
        file.write_bytes(b"broken")
    with pytest.raises(TrainingError, match="None of the 2 images can be read. The first: 0.png"):
        drop_unreadable(images, Workers(0), lambda _: None, lambda: False)


def test_a_stop_ends_the_reading(tmp_path: Path) -> None:
    images = source(tmp_path, store(tmp_path, 2), 1 << 20)
    with pytest.raises(StopRequested):
        drop_unreadable(images, Workers(0), lambda _: None, lambda: True)

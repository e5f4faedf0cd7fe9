import os
import signal
from typing import Any

import pytest

from sluice_torch.data.loader import BatchOrder, Loader, SequentialOrder, Workers
from sluice_torch.error import TrainingError


class Keys:
    def __getitem__(self, key: tuple[int, int]) -> tuple[int, int]:
        return key


class Killed:
    def __getitem__(self, key: tuple[int, int]) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("workers", [0, 2])
def test_the_order_depends_on_seed_and_epoch_and_starts_at_any_batch(workers: int) -> None:
    loader = Loader(Keys(), BatchOrder(10, 3, seed=5), Workers(workers))
    first = list(loader.batches(1))
    assert len(first) == 3
    assert list(loader.batches(2)) != first
    assert list(loader.batches(1)) == first
    assert list(loader.batches(1, 2)) == first[2:]
    assert list(loader.batches(1, 3)) == []
    assert list(Loader(Keys(), BatchOrder(10, 3, seed=6), Workers(0)).batches(1)) != first
    assert all(epoch == 1 for batch in first for epoch, _ in batch)
    loader.close()


def test_fewer_items_than_a_batch_are_one_batch() -> None:
    assert len(list(Loader(Keys(), BatchOrder(3, 16, seed=1), Workers(0)).batches(1))) == 1


def test_an_evaluation_contains_every_item_once() -> None:
    loader = Loader(Keys(), SequentialOrder(5, 2), Workers(0))
    assert [index for batch in loader.batches() for _, index in batch] == [0, 1, 2, 3, 4]


def test_a_killed_worker_is_an_error_with_the_way_out() -> None:
    loader = Loader(Killed(), SequentialOrder(4, 2), Workers(1))
    with pytest.raises(TrainingError, match="WORKER_KILLED: .* smaller batchSize or imageSize"):
        list(loader.batches())


def test_little_shared_memory_allows_fewer_workers() -> None:
    lines: list[str] = []
    assert Workers.choose(4, 1 << 50, lines.append).count == 0
    assert "0 instead of 4 workers" in lines[0]

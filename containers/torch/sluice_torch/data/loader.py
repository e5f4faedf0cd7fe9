"""Loads batches in worker processes. The order depends only on seed and epoch, and can start at any batch."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from torch.utils.data import DataLoader, Sampler

from ..error import TrainingError

SHARED_MEMORY = "/dev/shm"  # noqa: S108
PREFETCHED = 2


class Samples(Protocol):
    def __getitem__(self, key: tuple[int, int]) -> Any:
        """The key is (epoch, index): a sample's augmentation depends on nothing else."""


@dataclass(frozen=True)
class Workers:
    count: int

    @classmethod
    def choose(cls, asked: int | None, batch_bytes: int, log: Callable[[str], None]) -> "Workers":
        """One core trains. Batches travel through shared memory, which a container may have little of."""
        count = asked if asked is not None else max(1, min(8, available_cores() - 1))
        needed = batch_bytes * (PREFETCHED + 1)
        free = shutil.disk_usage(SHARED_MEMORY).free if os.path.isdir(SHARED_MEMORY) else 0
        possible = min(count, free // max(1, needed))
        if possible < count:
            log(f"{SHARED_MEMORY} has {free >> 20} MB: {possible} instead of {count} workers decode images")
        return cls(int(possible))


def available_cores() -> int:
    """`OMP_NUM_THREADS` lowers it, as in other programs that compute with threads."""
    allowed = len(os.sched_getaffinity(0))
    # A list has one number for each level of nested threads.
    wanted = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    return min(int(wanted), allowed) if wanted.isdigit() and int(wanted) > 0 else allowed


class BatchOrder(Sampler[list[tuple[int, int]]]):
    """Batches of keys. The last, smaller batch is left out unless it is the only one."""

    def __init__(self, items: int, batch_size: int, seed: int) -> None:
        self._items = items
        self._batch_size = min(batch_size, items)
        self._seed = seed
        self._epoch = 1
        self._first = 0

    def start(self, epoch: int, first: int) -> None:
        self._epoch, self._first = epoch, first

    def __len__(self) -> int:
        return self._items // self._batch_size

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        order = np.random.default_rng([self._seed, 2, self._epoch]).permutation(self._items)
        for batch in range(self._first, len(self)):
            start = batch * self._batch_size
            yield [(self._epoch, int(index)) for index in order[start : start + self._batch_size]]


class SequentialOrder(Sampler[list[tuple[int, int]]]):
    """All items once, for checks and evaluations."""

    def __init__(self, items: int, batch_size: int) -> None:
        self._items, self._batch_size = items, batch_size

    def start(self, _epoch: int, _first: int) -> None:
        """Every pass is equal."""

    def __len__(self) -> int:
        return -(-self._items // self._batch_size)

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        for start in range(0, self._items, self._batch_size):
            yield [(0, index) for index in range(start, min(start + self._batch_size, self._items))]


class Loader:
    """Its workers live until `close`: starting them for each epoch would cost more than a small epoch."""

    def __init__(
        self,
        samples: Samples,
        order: BatchOrder | SequentialOrder,
        workers: Workers,
        collate: Callable[[list[Any]], Any] = list,
    ) -> None:
        self._order = order
        count = min(workers.count, len(order))
        self._loader: DataLoader[Any] | None = DataLoader(
            samples,  # type: ignore[arg-type]
            batch_sampler=order,
            collate_fn=collate,
            num_workers=count,
            worker_init_fn=ignore_signals,
            persistent_workers=count > 0,
            prefetch_factor=PREFETCHED if count > 0 else None,
        )

    def __len__(self) -> int:
        return len(self._order)

    def batches(self, epoch: int = 0, first: int = 0) -> Iterator[Any]:
        assert self._loader is not None
        self._order.start(epoch, first)
        try:
            yield from self._loader
        except RuntimeError as error:
            if "DataLoader worker" not in str(error):
                raise
            message = "A process that decodes images was killed, probably for memory. "
            raise TrainingError("WORKER_KILLED", message + "Use a smaller batchSize or imageSize.") from error

    def close(self) -> None:
        self._loader = None


def ignore_signals(_worker: int) -> None:
    """A signal to the whole group must not end workers before the trainer has saved its state."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)

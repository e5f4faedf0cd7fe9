"""Where and how tensors are computed: the device, its precision, threads and seeds."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..data.loader import available_cores
from ..error import StopRequested, TrainingError

CPU_INFO = "/proc/cpuinfo"
CPU_BFLOAT16 = r"\b(avx512_bf16|amx_bf16)\b"
# Compute capability: older GPUs emulate bfloat16 slowly.
BFLOAT16_CAPABILITY = (8, 0)


@dataclass(frozen=True)
class Runtime:
    device: torch.device
    log: Callable[[str], None]
    stopping: Callable[[], bool]
    # Seconds, for progress and checkpoints only.
    clock: Callable[[], float] = time.monotonic

    @property
    def on_gpu(self) -> bool:
        return self.device.type == "cuda"

    @property
    def precision(self) -> torch.dtype:
        if not self.on_gpu:
            return torch.bfloat16 if cpu_has_bfloat16() else torch.float32
        modern = torch.cuda.get_device_capability(self.device) >= BFLOAT16_CAPABILITY
        return torch.bfloat16 if modern else torch.float16

    def autocast(self) -> AbstractContextManager[Any]:
        if self.precision == torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, self.precision)

    def move(self, batch: Any) -> Any:
        if isinstance(batch, Tensor):
            return batch.to(self.device, non_blocking=True)
        if isinstance(batch, dict):
            return {key: self.move(value) for key, value in batch.items()}
        if isinstance(batch, list | tuple):
            return type(batch)(self.move(value) for value in batch)
        return batch

    def each(self, batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            if self.stopping():
                raise StopRequested
            yield self.move(batch)


@cache
def cpu_has_bfloat16() -> bool:
    """Such a CPU trains a detector twice as fast in bfloat16. Others emulate it slowly."""
    return any(re.search(CPU_BFLOAT16, line) for line in _read_lines(CPU_INFO))


def _read_lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if os.path.exists(path) else []


def choose_device(asked: str, log: Callable[[str], None]) -> torch.device:
    found = torch.cuda.is_available()
    if asked == "gpu" and not found:
        message = "device=gpu, but this machine has no GPU that PyTorch can use. Choose an instance such as "
        raise TrainingError("GPU_MISSING", message + "ml.g4dn.xlarge and the CUDA image, or device=cpu.")
    if asked == "cpu" or not found:
        precision = "bfloat16" if cpu_has_bfloat16() else "float32"
        log(f"device=cpu; threads={available_cores()}; precision={precision};")
        return torch.device("cpu")
    log(f"device=gpu; name={torch.cuda.get_device_name()};")
    return torch.device("cuda")


def make_repeatable(device: torch.device, seed: int) -> None:
    """On a CPU equal seeds result in equal models. A GPU has operations without a repeatable version."""
    torch.manual_seed(seed)
    torch.set_num_threads(available_cores())
    torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
    # cuBLAS is repeatable only with a fixed workspace.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def seed_step(seed: int, epoch: int, step: int) -> None:
    """Dropout of a batch depends on nothing before it, so a resumed training repeats it."""
    torch.manual_seed((seed * 1_000_003 + epoch) * 1_000_003 + step)

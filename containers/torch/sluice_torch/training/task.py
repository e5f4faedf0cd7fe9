"""What the loop needs from a task. The loop knows no task."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .runtime import Runtime

Feeds = dict[str, NDArray[Any]]
# Runs an exported model: the inputs by name, the output that the engine reads.
Run = Callable[[Feeds], NDArray[np.float32]]


@dataclass(frozen=True)
class Plan:
    """The numbers of a training, with the task's defaults for options without a value."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    # Epochs without a better score before training stops; None never stops early.
    patience: int | None
    min_delta: float
    # Batches of slowly rising learning rate at the start.
    warmup_steps: int = 0
    # The learning rate at the end, as a share; a cosine leads there.
    final_rate: float = 0.01
    # The mean of the weights follows them at most this slowly; None trains without a mean.
    ema_decay: float | None = None
    clip_norm: float | None = None


@dataclass(frozen=True)
class Evaluation:
    # Printed as `validation:<name>`: loss, accuracy, mAP50.
    metrics: dict[str, float]
    # Decides when to stop: higher is better.
    score: float
    # Orders epochs, higher is better: the best one is exported.
    rank: tuple[float, ...]
    # For metrics.json: perClass, confusion.
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """A trained model and what its package states."""

    # Its forward takes the tensors of `example` in this order and returns the output that the engine reads.
    module: nn.Module
    example: dict[str, Tensor]
    # The names of dynamic axes by input; axis 0 is the batch.
    dynamic: dict[str, dict[int, str]]
    # `input`, `output`, `thresholds` and `maxBatch` of sluice.json.
    manifest: dict[str, Any]
    # Tokenizer files.
    files: dict[str, bytes]
    # One held-out item each, at most 200.
    held_out: Callable[[], Iterable[Feeds]]
    # Compares an output with PyTorch's; returns the difference, or None.
    compare: Callable[[NDArray[np.float32], NDArray[np.float32]], str | None]
    # Training items for the ranges of int8.
    calibration: Callable[[], Iterable[Feeds]]
    # The score on all validation items, in shares of one: accuracy or mAP50.
    measure: Callable[[Run], float]
    # For a later fine-tuning.
    weights: Mapping[str, Tensor]
    # The network, so that later trainings build the same one.
    architecture: dict[str, Any]


class Task(Protocol):
    classes: list[str]
    plan: Plan

    def build(self) -> nn.Module:
        """The network with its first weights: random, of a checkpoint, or of a hub."""

    def steps(self) -> int:
        """The number of batches in an epoch."""

    def batches(self, epoch: int, first: int) -> Iterator[Any]:
        """Tensors in tuples, lists or dictionaries. Equal epochs return equal batches; `first` is skipped to."""

    def loss(self, model: nn.Module, batch: Any) -> Tensor:
        """The batch is on the model's device."""

    def evaluate(self, model: nn.Module, runtime: Runtime) -> Evaluation:
        """Iterates with `runtime.each`, which moves batches and raises StopRequested."""

    def export(self, model: nn.Module) -> Export: ...

    def close(self) -> None:
        """Ends worker processes."""


def count_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def trainable(model: nn.Module) -> list[torch.nn.Parameter]:
    return [parameter for parameter in model.parameters() if parameter.requires_grad]

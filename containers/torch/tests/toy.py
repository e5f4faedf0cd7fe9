"""A task without files: the loop's tests need nothing else."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sluice_torch.training.runtime import Runtime
from sluice_torch.training.task import Evaluation, Export, Plan

STEPS = 4


class ToyTask:
    """Learns the sum of its inputs, with dropout so that randomness matters."""

    def __init__(self, plan: Plan, scores: list[float] | None = None) -> None:
        self.classes = ["a", "b"]
        self.plan = plan
        self.scores = scores
        self.seen: list[tuple[int, int]] = []

    def build(self) -> nn.Module:
        """Convolutions in the memory format of the image networks, in which the optimizer's state is too."""
        convolutions = [nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 6, 1), nn.Conv2d(6, 8, 2), nn.Flatten()]
        model = nn.Sequential(*convolutions, nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))
        return model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def steps(self) -> int:
        return STEPS

    def batches(self, epoch: int, first: int) -> Iterator[Any]:
        for step in range(first, STEPS):
            self.seen.append((epoch, step))
            inputs = torch.from_numpy(np.random.default_rng([epoch, step]).normal(size=(8, 4)).astype(np.float32))
            yield inputs, inputs.sum(1, keepdim=True)

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        return ((model(batch[0]) - batch[1]) ** 2).mean()

    def evaluate(self, model: nn.Module, runtime: Runtime) -> Evaluation:
        with torch.no_grad():
            loss = float(sum(self.loss(model, batch) for batch in runtime.each(held_out())))
        score = self.scores.pop(0) if self.scores else -loss
        return Evaluation({"loss": loss}, score, (score,), {"note": score})

    def export(self, model: nn.Module) -> Export:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to end."""


def held_out() -> list[tuple[Tensor, Tensor]]:
    inputs = torch.linspace(-1, 1, 32).view(8, 4)
    return [(inputs, inputs.sum(1, keepdim=True))] * 2


def plan(**changes: Any) -> Plan:
    values = {
        "epochs": 3,
        "batch_size": 8,
        "learning_rate": 0.01,
        "weight_decay": 0.01,
        "patience": None,
        "min_delta": 0.001,
        "ema_decay": 0.9,
        "clip_norm": 1.0,
    }
    return Plan(**{**values, **changes})

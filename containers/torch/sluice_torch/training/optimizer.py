"""AdamW, the learning rate of a step, and the mean of the weights."""

import copy
import math

import torch
from torch import Tensor, nn

from .task import Plan

# The mean follows the weights faster at the start.
EMA_WARMUP = 10


def create_optimizer(model: nn.Module, plan: Plan) -> torch.optim.AdamW:
    """Biases and the factors of normalisations are not decayed: they do not make a model complex."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [each for each in parameters if each.ndim > 1], "weight_decay": plan.weight_decay},
        {"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=plan.learning_rate, fused=True)


def learning_rate(plan: Plan, step: int, total: int) -> float:
    """`step` counts all batches from 0."""
    if step < plan.warmup_steps:
        return plan.learning_rate * (step + 1) / plan.warmup_steps
    progress = (step - plan.warmup_steps) / max(1, total - plan.warmup_steps)
    share = (1 + math.cos(math.pi * min(1.0, progress))) / 2
    return plan.learning_rate * (plan.final_rate + (1 - plan.final_rate) * share)


class MovingAverage:
    """The mean of recent weights generalises better than any single step."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self._decay = decay

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self._decay, (1 + step) / (EMA_WARMUP + step))
        floats: list[Tensor] = []
        newest: list[Tensor] = []
        current = model.state_dict()
        for name, mean in self.model.state_dict().items():
            if mean.dtype.is_floating_point:
                floats.append(mean)
                newest.append(current[name])
            else:
                mean.copy_(current[name])
        torch._foreach_lerp_(floats, newest, 1 - decay)

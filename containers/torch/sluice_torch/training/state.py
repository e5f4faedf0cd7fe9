"""The state of a training: all that a checkpoint stores beside the weights."""

from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from .task import Evaluation, Plan


@dataclass
class EpochReport:
    epoch: int
    train_loss: float
    validation: dict[str, float]

    def to_json(self) -> dict[str, float]:
        """Names as in metrics.json: validationLoss, validationAccuracy, validationMAP50."""
        named = {f"validation{name[0].upper()}{name[1:]}": value for name, value in self.validation.items()}
        return {"epoch": self.epoch, "trainLoss": self.train_loss, **named}


@dataclass
class TrainingState:
    history: list[EpochReport] = field(default_factory=list)
    # Batches of the epoch in progress, and the sum of their losses.
    step: int = 0
    loss_sum: float = 0.0
    # Consecutive epochs without a higher score.
    stale: int = 0
    highest: float = float("-inf")
    best_epoch: int = 0
    best_rank: tuple[float, ...] = ()
    best_details: dict[str, Any] = field(default_factory=dict)
    best: dict[str, Tensor] = field(default_factory=dict)

    @property
    def epoch(self) -> int:
        """The epoch in progress."""
        return len(self.history) + 1

    def finish_epoch(self, steps: int, evaluation: Evaluation, min_delta: float) -> EpochReport:
        """Returns its report; the caller stores the weights if the epoch is the best."""
        report = EpochReport(self.epoch, self.loss_sum / max(1, steps), dict(evaluation.metrics))
        self.stale = 0 if evaluation.score - self.highest > min_delta else self.stale + 1
        self.highest = max(self.highest, evaluation.score)
        self.history.append(report)
        self.step, self.loss_sum = 0, 0.0
        return report

    def is_best(self, evaluation: Evaluation) -> bool:
        return not self.best_rank or evaluation.rank > self.best_rank

    def store_best(self, evaluation: Evaluation, weights: dict[str, Tensor]) -> None:
        self.best_epoch = len(self.history)
        self.best_rank = evaluation.rank
        self.best_details = evaluation.details
        self.best = {name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()}

    def ended_by(self, plan: Plan) -> str | None:
        if len(self.history) >= plan.epochs:
            return "epochs"
        if plan.patience is not None and self.stale >= plan.patience:
            return "patience"
        return None

    def to_json(self) -> dict[str, Any]:
        values = {key: value for key, value in vars(self).items() if key != "best"}
        return {**values, "history": [asdict(report) for report in self.history]}

    @classmethod
    def from_json(cls, values: dict[str, Any], best: dict[str, torch.Tensor]) -> "TrainingState":
        history = [EpochReport(**report) for report in values["history"]]
        rank = tuple(values["best_rank"])
        return cls(**{**values, "history": history, "best_rank": rank, "best": best})

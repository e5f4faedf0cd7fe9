"""The training loop: epochs, metric lines, checkpoints, early stopping. It knows no task."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from ..error import StopRequested, TrainingError
from .checkpoint import Checkpoints, Trained
from .optimizer import MovingAverage, create_optimizer, learning_rate
from .runtime import Runtime, seed_step
from .state import TrainingState
from .task import Evaluation, Task

PROGRESS_SECONDS = 30.0


@dataclass
class Fitted:
    # With the weights of the best epoch.
    model: nn.Module
    state: TrainingState
    # epochs, patience or signal.
    stopped_by: str


def fit(task: Task, runtime: Runtime, seed: int, checkpoints: Checkpoints | None) -> Fitted:
    torch.manual_seed(seed)
    model = task.build().to(runtime.device)
    training = Training(task, model, runtime, seed, checkpoints)
    stopped_by = training.run()
    if not training.state.best:
        message = "The job was stopped before the first epoch ended, so there is no model. "
        raise TrainingError("STOPPED_EARLY", message + "Start it again: it resumes from its checkpoint.")
    model.load_state_dict(training.state.best)
    return Fitted(model.eval(), training.state, stopped_by)


class Training:
    def __init__(
        self, task: Task, model: nn.Module, runtime: Runtime, seed: int, checkpoints: Checkpoints | None
    ) -> None:
        self.task, self.model, self.runtime, self.seed = task, model, runtime, seed
        self.state = TrainingState()
        plan = task.plan
        self.optimizer = create_optimizer(model, plan)
        self.mean = MovingAverage(model, plan.ema_decay) if plan.ema_decay is not None else None
        self.scaler = torch.amp.GradScaler(runtime.device.type, enabled=runtime.precision == torch.float16)
        self.checkpoints = checkpoints
        self.trained = Trained(model, self.optimizer, self.mean)
        self.resume()

    def resume(self) -> None:
        found = self.checkpoints.read(self.trained) if self.checkpoints else None
        if not found:
            return
        self.state, scaler = found
        if scaler and self.scaler.is_enabled():
            self.scaler.load_state_dict(scaler)
        where = f" and {self.state.step} batches" if self.state.step else ""
        self.runtime.log(f"resumed after epoch {len(self.state.history)}{where}")

    def run(self) -> str:
        try:
            while (ended := self.state.ended_by(self.task.plan)) is None:
                self.run_epoch()
        except StopRequested:
            ended = "signal"
        self.save()
        return ended

    def run_epoch(self) -> None:
        started, first = self.runtime.clock(), self.state.step
        self.train_epoch(started)
        model = self.mean.model if self.mean else self.model
        evaluation = self.task.evaluate(model.eval(), self.runtime)
        self.finish_epoch(evaluation, model)
        share = 1 - first / max(1, self.task.steps())
        self.report(evaluation, (self.runtime.clock() - started) / max(share, 0.01))
        if self.checkpoints and self.checkpoints.due():
            self.save()
        if self.runtime.stopping():
            raise StopRequested

    def train_epoch(self, started: float) -> None:
        self.model.train()
        steps, shown = self.task.steps(), started
        for batch in self.task.batches(self.state.epoch, self.state.step):
            if self.runtime.stopping():
                raise StopRequested
            self.train_step(self.runtime.move(batch))
            if self.checkpoints and self.checkpoints.due():
                self.save()
            now = self.runtime.clock()
            if now - shown >= PROGRESS_SECONDS:
                shown = now
                self.runtime.log(f"epoch {self.state.epoch}: {self.state.step} of {steps} batches")

    def train_step(self, batch: object) -> None:
        state, plan = self.state, self.task.plan
        steps = self.task.steps()
        done = (state.epoch - 1) * steps + state.step
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(plan, done, plan.epochs * steps)
        seed_step(self.seed, state.epoch, state.step)
        with self.runtime.autocast():
            loss = self.task.loss(self.model, batch)
        value = float(loss.detach())
        if not math.isfinite(value):
            message = f"The loss is not a finite number in epoch {state.epoch}. Use a smaller learningRate."
            raise TrainingError("TRAINING_DIVERGED", message)
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        if plan.clip_norm is not None:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.model.parameters(), plan.clip_norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.mean:
            self.mean.update(self.model, done)
        state.step += 1
        state.loss_sum += value

    def finish_epoch(self, evaluation: Evaluation, model: nn.Module) -> None:
        best = self.state.is_best(evaluation)
        self.state.finish_epoch(self.task.steps(), evaluation, self.task.plan.min_delta)
        if best:
            self.state.store_best(evaluation, model.state_dict())

    def report(self, evaluation: Evaluation, seconds: float) -> None:
        """The format of SageMaker's metric definitions. The remaining time assumes no early stop."""
        last = self.state.history[-1]
        parts = [f"epoch={last.epoch};", f"train:loss={last.train_loss:.4f};"]
        parts += [f"validation:{name}={value:.4f};" for name, value in evaluation.metrics.items()]
        epochs = self.task.plan.epochs
        remaining = seconds * (epochs - last.epoch)
        parts += [f"seconds={seconds:.1f};", f"remaining={remaining:.0f};", f"epochs={epochs};"]
        self.runtime.log(" ".join(parts))

    def save(self) -> None:
        if self.checkpoints:
            self.checkpoints.write(self.state, self.trained, self.scaler.state_dict())

"""Checkpoints: one safetensors file with the state as JSON in its header. Nothing is unpickled."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from .optimizer import MovingAverage
from .state import TrainingState

FILE = "torch.safetensors"
INTERVAL_SECONDS = 60.0
# Writing takes at most this share of the time.
MAX_WRITE_SHARE = 0.05


class Trained:
    """The parts of a training that have tensors."""

    def __init__(self, model: nn.Module, optimizer: torch.optim.Optimizer, mean: MovingAverage | None) -> None:
        self.model = model
        self.optimizer = optimizer
        self.mean = mean

    def tensors(self) -> dict[str, Tensor]:
        found = {f"model.{name}": tensor for name, tensor in self.model.state_dict().items()}
        if self.mean:
            found |= {f"mean.{name}": tensor for name, tensor in self.mean.model.state_dict().items()}
        for index, values in self.optimizer.state_dict()["state"].items():
            found |= {f"optimizer.{index}.{name}": torch.as_tensor(value) for name, value in values.items()}
        return found

    def load(self, tensors: dict[str, Tensor]) -> None:
        self.model.load_state_dict(strip(tensors, "model."))
        if self.mean:
            self.mean.model.load_state_dict(strip(tensors, "mean."))
        parameters = [each for group in self.optimizer.param_groups for each in group["params"]]
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in strip(tensors, "optimizer.").items():
            index, key = name.split(".", 1)
            state.setdefault(int(index), {})[key] = match_layout(tensor, parameters[int(index)])
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})


def match_layout(tensor: Tensor, parameter: Tensor) -> Tensor:
    """A fused optimizer pairs a parameter and its state by position in memory, and files have no memory format."""
    if tensor.shape != parameter.shape:
        return tensor
    return torch.empty_like(parameter, dtype=tensor.dtype, device=tensor.device).copy_(tensor)


def strip(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}


class Checkpoints:
    """`fingerprint` identifies the training: its state fits no other."""

    def __init__(self, folder: Path, fingerprint: str, log: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._file = folder / FILE
        self._fingerprint = fingerprint
        self._log = log
        self._clock = clock
        self._next = clock() + INTERVAL_SECONDS

    def due(self) -> bool:
        return self._clock() >= self._next

    def write(self, state: TrainingState, trained: Trained, scaler: dict[str, Any]) -> None:
        started = self._clock()
        tensors = trained.tensors() | {f"best.{name}": tensor for name, tensor in state.best.items()}
        header = {"fingerprint": self._fingerprint, "state": state.to_json(), "scaler": scaler}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        # Clones: safetensors refuses tensors that share memory.
        copies = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in tensors.items()}
        save_file(copies, part, {"checkpoint": json.dumps(header)})
        os.replace(part, self._file)
        now = self._clock()
        self._next = now + max(INTERVAL_SECONDS, (now - started) / MAX_WRITE_SHARE)

    def read(self, trained: Trained) -> tuple[TrainingState, dict[str, Any]] | None:
        """Loads into `trained`. None without a usable checkpoint of this training."""
        if not self._file.exists():
            return None
        try:
            with safe_open(self._file, "pt") as opened:
                header = json.loads(opened.metadata()["checkpoint"])
                if header["fingerprint"] != self._fingerprint:
                    raise ValueError("it belongs to other data or other hyperparameters")
                tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
            state = TrainingState.from_json(header["state"], strip(tensors, "best."))
            trained.load(tensors)
            return state, header["scaler"]
        except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError, OSError) as error:
            self._log(f"The checkpoint is ignored: {error}.")
            return None

"""SageMaker's container contract: folders, hyperparameters, SIGTERM and the reason of a failure."""

import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from .error import TrainingError

# SageMaker shows this many characters of a failure.
MAX_FAILURE_CHARACTERS = 1024


@dataclass(frozen=True)
class Folders:
    """`SM_OPT_ML` replaces /opt/ml where a process without root runs the trainer."""

    root: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Folders":
        return cls(Path(environment.get("SM_OPT_ML", "/opt/ml")))

    @property
    def channels(self) -> Path:
        return self.root / "input/data"

    @property
    def model(self) -> Path:
        return self.root / "model"

    @property
    def output(self) -> Path:
        return self.root / "output/data"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    def read_hyperparameters(self) -> dict[str, str]:
        file = self.root / "input/config/hyperparameters.json"
        if not file.exists():
            return {}
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise TrainingError("OPTION_INVALID", f"hyperparameters.json is not JSON: {error}.") from error
        if not isinstance(found, dict):
            raise TrainingError("OPTION_INVALID", "hyperparameters.json is not a JSON object.")
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}

    def write_failure(self, reason: str) -> None:
        folder = self.root / "output"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "failure").write_text(reason[:MAX_FAILURE_CHARACTERS], encoding="utf-8")


def read_lineage(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the package states about its job."""
    names = {"job": "TRAINING_JOB_NAME", "jobArn": "TRAINING_JOB_ARN"}
    return {key: environment[name] for key, name in names.items() if name in environment}


class StopSignal:
    """SIGTERM only sets a flag: the loop reads it between two batches."""

    def __init__(self) -> None:
        self._requested = False

    def install(self) -> None:
        signal.signal(signal.SIGTERM, self._handle)

    def requested(self) -> bool:
        return self._requested

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._requested = True


def write_json(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

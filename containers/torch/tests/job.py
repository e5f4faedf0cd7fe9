"""A training job in a folder of its own, as SageMaker starts it."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from PIL import Image

from sluice_torch.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {"blue": (40, 60, 200), "green": (50, 170, 60), "red": (200, 50, 40)}
WORDS = {"calm": ["all is well", "nothing to do today"], "alarm": ["fire in the hall", "get out of here now"]}


@dataclass
class Ending:
    code: int
    log: str
    failure: str | None


class Job:
    def __init__(self, root: Path) -> None:
        self.root = root

    def channel(self, name: str) -> Path:
        return self.root / "input/data" / name

    def run(self, **hyperparameters: object) -> Ending:
        """In this process: starting PyTorch anew takes seconds."""
        self.write_hyperparameters(hyperparameters)
        environment = {"SM_OPT_ML": str(self.root), "TRAINING_JOB_NAME": "job-1"}
        with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(io.StringIO()) as printed:
            code = main(["train"])
        return self._ending(code, printed.getvalue())

    def start(self, **hyperparameters: object) -> "subprocess.Popen[str]":
        self.write_hyperparameters(hyperparameters)
        environment = {**os.environ, "SM_OPT_ML": str(self.root), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "sluice_torch", "train"]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self, process: "subprocess.Popen[str]", log: str = "") -> Ending:
        assert process.stdout
        log += process.stdout.read()
        return self._ending(process.wait(), log)

    def _ending(self, code: int, log: str) -> Ending:
        file = self.root / "output/failure"
        failure = file.read_text() if file.exists() else None
        file.unlink(missing_ok=True)
        return Ending(code, log, failure)

    def write_hyperparameters(self, values: dict[str, object]) -> None:
        file = self.root / "input/config/hyperparameters.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        texts = {name: json.dumps(value) if not isinstance(value, str) else value for name, value in values.items()}
        file.write_text(json.dumps(texts))

    def read(self, name: str) -> Any:
        return json.loads((self.root / name).read_text())

    def write_images(self, part: str, count: int, classes: tuple[str, ...] = ("blue", "red"), side: int = 40) -> None:
        for index in range(count):
            label = classes[index % len(classes)]
            folder = self.channel(part) / label
            folder.mkdir(parents=True, exist_ok=True)
            draw(label, index, side).save(folder / f"{index:03}.png")

    def write_texts(self, part: str, first: int, count: int) -> None:
        self.channel("dataset").mkdir(parents=True, exist_ok=True)
        lines = []
        for index in range(first, first + count):
            label = "calm" if index % 2 == 0 else "alarm"
            text = f"{WORDS[label][index // 2 % 2]} number {index}"
            lines.append(json.dumps({"file": f"text/{index}", "label": label, "text": text}))
        (self.channel("dataset") / f"{part}.jsonl").write_text("\n".join(lines))


def draw(label: str, index: int, side: int) -> Image.Image:
    """A bright square of the class's colour on noise."""
    chance = np.random.default_rng([index, side])
    pixels = chance.integers(60, 120, (side, side, 3), np.uint8)
    size = side // 2
    top, left = chance.integers(0, side - size, 2)
    pixels[top : top + size, left : left + size] = COLOURS[label]
    return Image.fromarray(pixels)

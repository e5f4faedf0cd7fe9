"""The engine that serves packages, where Node and the project's packages are installed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
NODE = REPOSITORY / "node_modules/.bin/node"

needs_engine = pytest.mark.skipif(not NODE.exists(), reason="needs `npm ci` in the repository")


def predict(package: Path, files: list[Path], scratch: Path) -> list[dict[str, Any]]:
    return predict_each([(package, file) for file in files], scratch)


def predict_each(requests: list[tuple[Path, Path]], scratch: Path) -> list[dict[str, Any]]:
    """Requests are grouped by package. Starting Node takes longer than most predictions."""
    listed = scratch / "requests.txt"
    listed.write_text("\n".join(f"{package}\t{file}" for package, file in requests))
    command = [NODE, Path(__file__).with_name("predict.ts"), listed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

"""Writes the package: model.onnx, sluice.json, tokenizer files, and the weights for a later fine-tuning."""

from pathlib import Path
from typing import Any

from ..contract import write_json
from ..training.task import Export
from ..training.weights import FILE, write_weights
from .onnx import digest_of

MODEL_FILE = "model.onnx"
MANIFEST = "sluice.json"


def write_package(
    folder: Path,
    export: Export,
    about: dict[str, Any],
    *,
    keep_weights: bool,
) -> str:
    """`model.onnx` is in the folder already. `about` is what sluice.json states beside the export's own part."""
    for name, content in export.files.items():
        (folder / name).write_bytes(content)
    contents = [(folder / MODEL_FILE).read_bytes(), *(export.files[name] for name in sorted(export.files))]
    version = digest_of(contents)
    write_json(folder / MANIFEST, {"format": 1, **about, "version": version, **export.manifest})
    if keep_weights:
        write_weights(folder / FILE, about["task"], export.architecture, export.weights)
    return version

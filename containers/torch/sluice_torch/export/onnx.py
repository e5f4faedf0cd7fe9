"""Exports a PyTorch module as ONNX with a dynamic batch, and runs ONNX models."""

import hashlib
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from ..data.loader import available_cores
from ..training.task import Export, Feeds, Run
from .embedding import name_embedding

OPSET = 18


def export_onnx(export: Export, file: Path) -> None:
    module = export.module.cpu().eval()
    dims = {name: torch.export.Dim(name) for axes in export.dynamic.values() for name in axes.values()}
    shapes = {
        name: {axis: dims[symbol] for axis, symbol in export.dynamic.get(name, {}).items()} for name in export.example
    }
    # The exporter reports its steps and versions; none of it is for users.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module,
            tuple(export.example.values()),
            dynamo=True,
            input_names=list(export.example),
            output_names=["output"],
            dynamic_shapes=tuple(shapes.values()),
            opset_version=OPSET,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    strip_metadata(model)
    name_embedding(model)
    file.write_bytes(model.SerializeToString(deterministic=True))


def strip_metadata(model: onnx.ModelProto) -> None:
    """Stack traces with paths of this machine: they make the file larger and differ between machines."""
    for field in ("metadata_props",):
        model.ClearField(field)
        model.graph.ClearField(field)
    for group in (model.graph.node, model.graph.initializer, model.graph.input, model.graph.output):
        for each in group:
            each.ClearField("doc_string")
            if hasattr(each, "metadata_props"):
                each.ClearField("metadata_props")
    model.graph.ClearField("doc_string")
    model.graph.ClearField("value_info")


def open_model(file: Path, threads: int | None = None) -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}

    def run(feeds: Feeds) -> NDArray[np.float32]:
        outputs: list[Any] = session.run(None, {name: each for name, each in feeds.items() if name in names})
        return outputs[0]

    return run


def digest_of(parts: list[bytes]) -> str:
    """Equal trainings result in equal versions."""
    hash_ = hashlib.sha256()
    for part in parts:
        hash_.update(part)
    return hash_.hexdigest()[:12]

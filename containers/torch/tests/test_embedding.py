from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from sluice_torch.export.onnx import export_onnx
from sluice_torch.image.network import ImageNetwork
from sluice_torch.training.task import Export


def export(module: nn.Module, file: Path) -> onnxruntime.InferenceSession:
    example = {"pixels": torch.zeros(2, 3, 32, 32)}
    nothing: dict = dict.fromkeys(
        ["manifest", "files", "held_out", "compare", "calibration", "measure", "weights", "architecture"], None
    )
    export_onnx(Export(module=module, example=example, dynamic={"pixels": {0: "batch"}}, **nothing), file)
    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def test_a_classifier_has_the_pooled_layer_as_its_second_output(tmp_path: Path) -> None:
    network = ImageNetwork("s", 4, 0.0).eval()
    session = export(network, tmp_path / "model.onnx")
    assert [each.name for each in session.get_outputs()] == ["output", "embedding"]
    pixels = torch.rand(3, 3, 32, 32)
    output, embedding = session.run(None, {"pixels": pixels.numpy()})
    with torch.no_grad():
        pooled = network.pool(network.stages(network.stem(pixels))).flatten(1)
        np.testing.assert_allclose(embedding, pooled.numpy(), atol=1e-4)
        np.testing.assert_allclose(output, network.head(pooled).numpy(), atol=1e-4)


def test_a_model_without_a_linear_head_has_one_output(tmp_path: Path) -> None:
    session = export(nn.Conv2d(3, 2, 3), tmp_path / "model.onnx")
    assert [each.name for each in session.get_outputs()] == ["output"]


class Tokens(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 6)
        self.head = nn.Linear(6, 2)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.embedding(ids).mean(1))


def test_an_embedding_within_the_model_keeps_its_values_under_another_name(tmp_path: Path) -> None:
    module = Tokens().eval()
    nothing: dict = dict.fromkeys(
        ["manifest", "files", "held_out", "compare", "calibration", "measure", "weights", "architecture"], None
    )
    example = {"ids": torch.zeros(2, 5, dtype=torch.int64)}
    export_onnx(Export(module=module, example=example, dynamic={"ids": {0: "batch"}}, **nothing), tmp_path / "m.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"), providers=["CPUExecutionProvider"])
    ids = torch.randint(0, 10, (3, 5))
    output, embedding = session.run(None, {"ids": ids.numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(output, module(ids).numpy(), atol=1e-5)
        np.testing.assert_allclose(embedding, module.embedding(ids).mean(1).numpy(), atol=1e-5)

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from job import Job

from sluice_torch.quantize.compare import compare


def test_int8_is_compared_with_fp32_and_both_figures_are_in_the_package(job: Job) -> None:
    job.write_images("train", 32)
    job.write_images("validation", 12)
    quick = {"epochs": 5, "imageSize": 32, "size": "n", "batchSize": 8, "workers": 0, "learningRate": 0.005}
    ended = job.run(**quick, quantize="int8", quantizeMaxLoss=100)
    assert ended.code == 0, ended.log
    figures = job.read("model/sluice.json")["metrics"]["quantization"]
    assert set(figures) == {"fp32", "int8", "kept", "reason"}
    assert figures["int8"]["bytes"] < figures["fp32"]["bytes"] / 2
    assert figures["int8"]["score"] >= 0.9
    size = (job.root / "model/model.onnx").stat().st_size
    assert size == figures["int8" if figures["kept"] else "fp32"]["bytes"]
    # They would be larger than the model.
    assert not (job.root / "model/weights.safetensors").exists()
    assert f"{'int8' if figures['kept'] else 'fp32'} is kept: int8 loses" in ended.log


class Fake:
    """What `compare` needs of an export."""

    def __init__(self, scores: list[float]) -> None:
        self._scores = scores

    def held_out(self) -> Iterator[dict[str, np.ndarray]]:
        yield {"pixels": np.zeros((1, 3, 32, 32), np.float32)}

    def measure(self, _run: object) -> float:
        return self._scores.pop(0)


@pytest.mark.parametrize(
    ("scores", "seconds", "kept"),
    [
        ([0.95, 0.95], [2, 1], True),
        ([0.95, 0.94], [2, 1], True),
        ([0.95, 0.93], [2, 1], False),
        ([0.9, 0.95], [1, 2], False),
    ],
)
def test_int8_is_kept_only_if_it_is_accurate_and_faster(
    tmp_path: Path, scores: list[float], seconds: list[float], kept: bool
) -> None:
    model = tmp_path / "model.onnx"
    pixels = onnx.helper.make_tensor_value_info("pixels", onnx.TensorProto.FLOAT, ["batch", 3, 32, 32])
    output = onnx.helper.make_tensor_value_info("output", onnx.TensorProto.FLOAT, ["batch", 3, 32, 32])
    graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["pixels"], ["output"])], "toy", [pixels], [output])
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10), model)
    turns = iter([time for _ in range(20) for each in seconds for time in (0, each)])
    now = [0.0]

    def clock() -> float:
        now[0] += next(turns)
        return now[0]

    result = compare(Fake(scores), model, model, 1.0, clock)  # type: ignore[arg-type]
    assert result.kept is kept
    assert result.fp32["itemsPerSecond"] == pytest.approx(1 / seconds[0])

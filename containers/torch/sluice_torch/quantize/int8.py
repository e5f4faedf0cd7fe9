"""Static int8 quantization of an ONNX model, with ranges from training items."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from ..training.task import Feeds

# Others stay in float: they cost little, or lose accuracy.
OPERATORS = ["Conv", "MatMul", "Gemm"]


class Calibration(CalibrationDataReader):
    def __init__(self, items: Iterable[Feeds]) -> None:
        self._items: Iterator[Feeds] = iter(items)

    def get_next(self) -> Feeds | None:
        return next(self._items, None)


def quantize(source: Path, target: Path, items: Iterable[Feeds], scratch: Path, skipped: list[str]) -> None:
    """`skipped` are nodes that stay in float, by the start of their name."""
    logging.getLogger().setLevel(logging.ERROR)
    prepared = scratch / "prepared.onnx"
    quant_pre_process(source, prepared, skip_symbolic_shape=True)
    names = [node.name for node in onnx.load(prepared).graph.node]
    quantize_static(
        prepared,
        target,
        Calibration(items),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=OPERATORS,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        nodes_to_exclude=[name for name in names if name.startswith(tuple(skipped))] if skipped else [],
    )

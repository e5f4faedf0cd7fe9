"""Names the layer before a classifier's head as the output `embedding`, which the engine returns for monitoring."""

import onnx
from onnx import TensorProto, helper

EMBEDDING = "embedding"


def name_embedding(model: onnx.ModelProto) -> None:
    """The head is the linear layer that computes the first output. Other models, detectors, stay as they are."""
    graph = model.graph
    output = graph.output[0]
    head = next((node for node in graph.node if output.name in node.output), None)
    if head is None or head.op_type != "Gemm":
        return
    weights = next((each for each in graph.initializer if each.name == head.input[1]), None)
    if weights is None:
        return
    is_transposed = any(each.name == "transB" and each.i == 1 for each in head.attribute)
    free_name(graph)
    width = weights.dims[1 if is_transposed else 0]
    batch = output.type.tensor_type.shape.dim[0]
    graph.node.append(helper.make_node("Identity", [head.input[0]], [EMBEDDING], name="name_embedding"))
    shape = [batch.dim_param or batch.dim_value, width]
    graph.output.append(helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, shape))


def free_name(graph: onnx.GraphProto) -> None:
    """The exporter calls the look-up of a text's tokens `embedding` as well."""
    for node in graph.node:
        for names in (node.input, node.output):
            for at, name in enumerate(names):
                if name == EMBEDDING:
                    names[at] = f"{EMBEDDING}_values"

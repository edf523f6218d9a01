"""Writing down an ONNX graph, one call per operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from musicmed_desktop.engines.musicgen.int8.quantize import quantize

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Array = npt.NDArray[Any]
Dims = Sequence[int | str]  # a name stands for a size that may change from run to run

MICROSOFT = "com.microsoft"  # the domain of ONNX Runtime's own operations, described in its ContribOperators.md
OPSET = 21
IR_VERSION = 10  # the file format that came with the opset
EPS = 1e-5  # of the LayerNorms
INT8 = 4  # MatMulNBits' accuracy level at which activations, too, are 8 bits: block by block, in every run


class GraphBuilder:
    """A graph on its way. Methods that add an operation take and return names of values."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._weights: dict[str, Array] = {}

    def input(self, name: str, dims: Dims, dtype: npt.DTypeLike = np.float32) -> str:
        self._inputs.append(_value_info(name, dims, dtype))
        return name

    def output(self, name: str, dims: Dims, dtype: npt.DTypeLike = np.float32) -> str:
        self._outputs.append(_value_info(name, dims, dtype))
        return name

    def op(self, kind: str, inputs: Sequence[str], *, into: Sequence[str] = (), domain: str = "", **settings: Any) -> str:
        """Add an operation; returns its first output's name. `into` names the outputs, else there is one."""
        from onnx import helper

        outputs = into or [f"{kind}_{len(self._nodes)}"]
        self._nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **settings))
        return outputs[0]

    def weight(self, array: Array) -> str:
        name = f"weight_{len(self._weights)}"
        self._weights[name] = np.ascontiguousarray(array)
        return name

    def linear(self, x: str, weight: torch.Tensor, **into: Sequence[str]) -> str:
        """x [..., width] @ weight.T, the weight [rows, width] in 8 bits."""
        rows, width = weight.shape
        q = quantize(weight)
        inputs = [x, self.weight(q.codes.reshape(rows, -1, q.block)), self.weight(q.scales)]
        sizes = {"K": width, "N": rows, "bits": 8, "block_size": q.block}
        return self.op("MatMulNBits", inputs, domain=MICROSOFT, accuracy_level=INT8, **sizes, **into)

    def norm(self, x: str, gain: torch.Tensor, bias: torch.Tensor) -> str:
        inputs = [x, self.weight(gain.float().numpy()), self.weight(bias.float().numpy())]
        return self.op("LayerNormalization", inputs, axis=-1, epsilon=EPS)

    def add(self, a: str, b: str) -> str:
        return self.op("Add", [a, b])

    def session(self, threads: int) -> InferenceSession:
        """Load the graph. Hands the weights over: the builder is empty afterwards."""
        import onnxruntime
        from onnx import helper

        graph = helper.make_graph(self._nodes, "musicgen", self._inputs, self._outputs)
        graph.initializer.extend(_external(name, array) for name, array in self._weights.items())
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION).SerializeToString()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        _hand_over(self._weights, options)
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _value_info(name: str, dims: Dims, dtype: npt.DTypeLike) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), dims)


def _external(name: str, array: Array) -> Any:
    """The declaration of a weight that is not in the file: files end at 2 GB."""
    from onnx import TensorProto, helper

    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "memory"), ("offset", "0"), ("length", str(array.nbytes))):
        tensor.external_data.add(key=key, value=value)
    return tensor


def _hand_over(weights: dict[str, Array], options: Any) -> None:
    from onnxruntime import OrtValue

    values = [OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
    options.add_external_initializers(list(weights), values)
    weights.clear()

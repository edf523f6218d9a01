"""Writing down an ONNX graph, one call per operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from musicmed_desktop.engines.musicgen.heap import trim
from musicmed_desktop.engines.musicgen.int8.quantize import quantize

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Array = npt.NDArray[Any]
Dims = Sequence[int | str]  # a letter stands for a size that may change from run to run

_OWN_DOMAIN = "com.microsoft"  # of the operations that ONNX Runtime adds to the standard: see its ContribOperators.md
_OPSET = 21
_IR_VERSION = 10  # the file format that came with this opset
_EPSILON = 1e-5  # of the LayerNorms
_INT8 = 4  # MatMulNBits' accuracy level at which it multiplies bytes: activations are rounded as they come, per block
# How long an idle thread looks for work before it sleeps: long enough for the small operations between two products.
# Measured on two cores: alone, ONNX Runtime's own choice is no faster, and not to look at all is slower by a tenth;
# beside another busy program its own choice is slower by a third.
_SPIN_US = "10"


class GraphBuilder:
    """A graph as it grows. Values are known by their names."""

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

    def weight(self, array: Array) -> str:
        name = f"weight_{len(self._weights)}"
        self._weights[name] = np.array(array, order="C")
        return name

    def op(self, kind: str, inputs: Sequence[str], *into: str, domain: str = "", **settings: Any) -> str:
        """Add an operation of the standard; returns its first output. `into` names its outputs, else it has one."""
        from onnx import helper

        outputs = into or (f"{kind}_{len(self._nodes)}",)
        self._nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **settings))
        return outputs[0]

    def own_op(self, kind: str, inputs: Sequence[str], *into: str, **settings: Any) -> str:
        """Add one of ONNX Runtime's own operations."""
        return self.op(kind, inputs, *into, domain=_OWN_DOMAIN, **settings)

    def linear(self, x: str, weight: torch.Tensor, *into: str) -> str:
        """x [..., width] times `weight` [rows, width], which is kept in 8 bits: [..., rows]."""
        (rows, width), q = weight.shape, quantize(weight)
        inputs = [x, self.weight(q.codes), self.weight(q.scales)]
        sizes = {"K": width, "N": rows, "bits": 8, "block_size": q.block}
        return self.own_op("MatMulNBits", inputs, *into, accuracy_level=_INT8, **sizes)

    def norm(self, x: str, weight: torch.Tensor, bias: torch.Tensor) -> str:
        inputs = [x, self.weight(weight.float().numpy()), self.weight(bias.float().numpy())]
        return self.op("LayerNormalization", inputs, epsilon=_EPSILON)

    def session(self, threads: int) -> InferenceSession:
        """Load the graph. Its weights go over to the session: the builder is of no use afterwards."""
        from onnxruntime import InferenceSession, OrtValue

        model, options = self._model(), _options(threads)
        values = [OrtValue.ortvalue_from_numpy(array) for array in self._weights.values()]
        options.add_external_initializers(list(self._weights), values)
        self._weights.clear()
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"], enable_fallback=0)
        # The kernels have packed the weights in their own way. What was handed over would stay with the options, which
        # a session keeps in case it is to be made again.
        session._sess_options_initial = None
        del options, values
        trim()
        return session

    def _model(self) -> bytes:
        from onnx import helper

        weights = [_declaration(name, array) for name, array in self._weights.items()]
        graph = helper.make_graph(self._nodes, "musicgen", self._inputs, self._outputs, weights)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN_DOMAIN, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        return bytes(model.SerializeToString())


def _options(threads: int) -> Any:
    from onnxruntime import SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.spin_duration_us", _SPIN_US)
    options.enable_cpu_mem_arena = False  # it would keep what reading many columns at once has taken
    return options


def _value_info(name: str, dims: Dims, dtype: npt.DTypeLike) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), dims)


def _declaration(name: str, array: Array) -> Any:
    """A weight without its content, which stays outside of the model: a model may have no more than 2 GB."""
    from onnx import TensorProto, helper

    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "memory"), ("offset", "0"), ("length", str(array.nbytes))):
        tensor.external_data.add(key=key, value=value)
    return tensor

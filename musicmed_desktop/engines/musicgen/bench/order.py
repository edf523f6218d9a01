"""What passes between the command and the processes that it starts: an order in, one line of JSON out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from musicmed_desktop.engines.musicgen.shapes import CODEBOOKS, FRAME_RATE
from musicmed_desktop.errors import UserError

TEXT_TOKENS = 12  # of a prompt such as "warm calm piano with soft strings, slow, peaceful"
WARM_UP_FRAMES = 8  # written before anything is measured

_REFUSED = 2


@dataclass(frozen=True)
class Order:
    """`model` is a model's folder, "" for random weights; `device` and `dtype` are "" where the worker chooses."""

    seconds: float
    model: str = ""
    device: str = ""
    dtype: str = ""

    @property
    def frames(self) -> int:
        return max(1, round(self.seconds * FRAME_RATE))

    @property
    def steps(self) -> int:
        """Computing so many frames takes so many steps, since later codebooks come later; the first column is given."""
        return self.frames + CODEBOOKS - 1


@dataclass(frozen=True)
class Row:
    """One engine's figures. The last two, of a step with that many in its cache, are asked of our own decoder alone."""

    engine: str
    device: str
    dtype: str
    ms_per_step: float
    s_per_audio_s: float
    time_to_first_chunk_s: float
    peak_memory_mb: float
    ms_at_step_100: float | None = None
    ms_at_step_1400: float | None = None


def row(engine: str, order: Order, tokens_s: float, first_s: float, total_s: float) -> Row:
    """The figures of this process: seconds spent on tokens alone, until the first chunk of sound, until the end."""
    from musicmed_desktop.engines.musicgen.bench.memory import peak_memory_mb

    return Row(
        engine,
        order.device,
        order.dtype,
        ms_per_step=tokens_s / order.steps * 1e3,
        s_per_audio_s=total_s / order.frames * FRAME_RATE,
        time_to_first_chunk_s=first_s,
        peak_memory_mb=peak_memory_mb(order.device),
    )


def ask(worker: str, order: Order) -> dict[str, Any]:
    """Run `worker`, a module of this package, in a process of its own; returns what it found.

    Raises UserError as the worker did, and where the system ended it for want of memory.
    """
    command = [sys.executable, "-m", f"{__package__}.{worker}", json.dumps(asdict(order))]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer
    if done.returncode == _REFUSED:
        raise UserError(**json.loads(done.stdout.splitlines()[-1]))
    if done.returncode == -9:  # what Linux does to a process when memory runs out
        raise UserError(*_NO_MEMORY)
    raise RuntimeError(f"The worker {worker} ended with code {done.returncode}.\n{done.stderr}")


_NO_MEMORY = (
    "There is not enough memory to measure this model.",
    "Close other programs, or choose a smaller model.",
)


def answer(find: Callable[[Order], Mapping[str, object]]) -> None:
    """A worker's whole life: read the order from the command line, print what was found."""
    from musicmed_desktop.engines.musicgen.placement import is_out_of_memory

    try:
        print(json.dumps(find(Order(**json.loads(sys.argv[1])))))
    except UserError as error:
        _refuse(error)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        _refuse(UserError(*_NO_MEMORY, detail=str(error)))


def _refuse(error: UserError) -> None:
    print(json.dumps({"title": error.title, "hint": error.hint, "detail": error.detail}))
    sys.exit(_REFUSED)

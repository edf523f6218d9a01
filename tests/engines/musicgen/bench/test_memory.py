from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

PEAK = (
    "import torch; from musicmed_desktop.engines.musicgen.bench.memory import peak_memory_mb;"
    "before = peak_memory_mb('cpu'); held = torch.ones({size} // 4); del held; print(peak_memory_mb('cpu') - before)"
)


def test_the_peak_is_that_of_the_process_alone() -> None:
    """Not what its parent holds, which Linux counts in where a process is started from a large one."""
    held = np.ones(400_000_000, np.uint8)
    done = subprocess.run([sys.executable, "-c", PEAK.format(size=200_000_000)], capture_output=True, check=True)
    assert len(held) == 400_000_000
    assert float(done.stdout) == pytest.approx(200, rel=0.1)

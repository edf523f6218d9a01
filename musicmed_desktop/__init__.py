"""MusicMed Desktop: music medicine, composed and played on your own computer."""

import os

__version__ = "0.2.0"

# ONNX Runtime, which listens to the music, tells its maker of every start unless this is set before it is loaded
# (since 1.29; its Privacy.md, "Disabling Telemetry").
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

"""How loud a clip should be."""

from __future__ import annotations

from musicmed_desktop.affect import Affect

CENTRE_LUFS = -18.0
LU_PER_AROUSAL = 2.5


def target_lufs(affect: Affect) -> float:
    """Integrated loudness for a clip that should convey `affect`: -20.5 to -15.5 LUFS, calm to excited.

    Loudness carries arousal: players range over 21 dB between sad and happy (Bresin and Friberg 2011).
    Levelling every clip alike would take that cue away; a quarter of it keeps it and spares the volume knob.
    """
    return CENTRE_LUFS + LU_PER_AROUSAL * affect.arousal

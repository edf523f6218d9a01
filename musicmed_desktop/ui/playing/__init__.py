"""What is shown and offered wherever music plays, be it made now or kept from before."""

from musicmed_desktop.ui.playing.notices import NoticeCard, ProblemCard
from musicmed_desktop.ui.playing.play_button import PlayButton
from musicmed_desktop.ui.playing.stage import Stage
from musicmed_desktop.ui.playing.states import state_words
from musicmed_desktop.ui.playing.volume_control import VolumeControl, volume_row
from musicmed_desktop.ui.playing.volume_slider import VolumeSlider
from musicmed_desktop.ui.playing.why import WhyCard

__all__ = [
    "NoticeCard",
    "PlayButton",
    "ProblemCard",
    "Stage",
    "VolumeControl",
    "VolumeSlider",
    "WhyCard",
    "state_words",
    "volume_row",
]

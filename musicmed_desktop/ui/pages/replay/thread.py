"""The thread that plays a stored session: it opens the sound, and reads a little ahead of what is heard."""

from __future__ import annotations

import sys
import time
from threading import Condition
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QThread

from musicmed_desktop.audio.player import Player
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.sound import Sound

if TYPE_CHECKING:
    from soundfile import SoundFile

AHEAD_S = 10.0
BLOCK_S = 1.0
FADE_S = 0.2
_LOOK_S = 0.1


class ReplayThread(QThread):
    """Plays the file `music` until `end`, and closes it.

    `player` is there as soon as the file is open; a `problem` is the end of it.
    """

    def __init__(self, music: BinaryIO, sound: Sound, volume: float) -> None:
        super().__init__()
        self.setObjectName("replay")
        self.player: Player | None = None
        self.problem: UserError | None = None
        self.volume = volume
        self._music = music
        self._sound = sound
        self._news = Condition()
        self._ended = False
        self._seek_to_s: float | None = None
        self._whole = False  # all of the file was read

    def seek(self, to_s: float) -> None:
        """Go on at `to_s`; of several wishes the last one counts."""
        with self._news:
            self._seek_to_s = to_s
            self._news.notify()

    def end(self) -> None:
        """Fade out and close everything; the thread ends by itself in a moment."""
        with self._news:
            self._ended = True
            self._news.notify()

    def run(self) -> None:
        import soundfile

        try:
            with self._music, _readable(self._music) as file:
                self._play(file)
        except UserError as error:
            self.problem = error
        except soundfile.SoundFileError as error:
            self.problem = _damaged(error)
        except BaseException as error:
            # Qt would only print it: what is not a UserError is a bug and has to surface as one.
            sys.excepthook(type(error), error, error.__traceback__)

    def _play(self, file: SoundFile) -> None:
        player = Player(self._sound.open, file.samplerate, file.channels)
        self.player = player  # before its volume, which may be set from both sides
        player.volume = self.volume
        try:
            player.start()
            while not self._ended:
                self._follow(file, player)
            _fade_out(player)
        finally:
            player.close()

    def _follow(self, file: SoundFile, player: Player) -> None:
        """Do what is due next: jump, read, or wait."""
        with self._news:
            to_s, self._seek_to_s = self._seek_to_s, None
        if to_s is not None:
            frame = file.seek(min(file.frames, round(to_s * file.samplerate)))
            player.jump(frame / file.samplerate)
            self._whole = False
        elif not self._whole and player.given_s - player.position_s < AHEAD_S * self._sound.speed:
            start_s, size = file.tell() / file.samplerate, round(BLOCK_S * file.samplerate)
            frames = file.read(size, dtype="float32", always_2d=True)
            player.play(frames, start_s)
            self._whole = len(frames) < size
            if self._whole:
                player.finish()
        else:
            with self._news:
                self._news.wait_for(lambda: self._ended or self._seek_to_s is not None, _LOOK_S / self._sound.speed)


def _fade_out(player: Player) -> None:
    player.stop(FADE_S)
    until = time.monotonic() + 3 * FADE_S  # a device that is gone does not fade
    while player.state != "stopped" and time.monotonic() < until:
        time.sleep(FADE_S / 10)


def _readable(music: BinaryIO) -> SoundFile:
    import soundfile

    try:
        return soundfile.SoundFile(music)
    except soundfile.SoundFileError as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> UserError:
    return UserError(
        "The music of this session cannot be read.",
        "Its file is damaged. What was noted of the session is still there.",
        str(error),
    )

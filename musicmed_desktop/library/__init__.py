"""The listener's sessions, kept on this computer. What is imported here is all that a window needs."""

from musicmed_desktop.library.entry import Entry, Shift
from musicmed_desktop.library.interrupted import Interrupted
from musicmed_desktop.library.library import Library
from musicmed_desktop.library.names import file_name
from musicmed_desktop.library.recording import LibraryRecording
from musicmed_desktop.library.search import filtered

__all__ = ["Entry", "Interrupted", "Library", "LibraryRecording", "Shift", "file_name", "filtered"]

"""The lock of the library: a passphrase, without which nobody reads what is kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.keys import is_locked
from musicmed_desktop.ui.kit import Column, Flow, body, button, tell
from musicmed_desktop.ui.passphrase import PassphraseDialog, ask_until_it_fits
from musicmed_desktop.ui.services import Services

_STATE = {
    False: "Your sessions are not locked: whoever uses this computer can read them.",
    True: "Your sessions are locked: they are encrypted, and open with your passphrase alone.",
}
_LOCK = (
    "All your sessions are encrypted: the music, your notes, all that you said. From then on MusicMed asks for the "
    "passphrase whenever it starts. Several words that only you would put together are best."
)
_UNLOCK = "All your sessions can be read again by whoever uses this computer, and MusicMed asks for no passphrase."
_NOW, _NEW, _AGAIN = "Your passphrase now", "New passphrase", "The same once more"
_DIFFERENT = "The two passphrases are not the same. Please type the second one again."


class LockSettings(Column):
    """Each way is in effect when its dialog closes; whatever fails leaves the library as it was."""

    notice = Signal(str, object)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._library, self._tasks = services.library, services.tasks
        self.state = body()
        self.lock = button("Lock with a passphrase…", lambda: self._unless_used(self._ask_to_lock))
        self.change = button("Change the passphrase…", self._ask_to_change)
        self.unlock = button("Remove the lock…", lambda: self._unless_used(self._ask_to_unlock))
        self.add(self.state, Flow(self.lock, self.change, self.unlock))
        self.follow()

    def follow(self) -> None:
        """Show how it is now."""
        locked = is_locked(self._library.folder)
        self.state.setText(_STATE[locked])
        self.lock.setVisible(not locked)
        for way in (self.change, self.unlock):
            way.setVisible(locked)

    def _unless_used(self, ask: Callable[[], object]) -> None:
        """Nothing can be locked or unlocked while music is being recorded."""
        from musicmed_desktop.library.locking.strangers import refuse_use

        self._tasks.run(lambda: refuse_use(self._library.collection), lambda _: ask(), self._refused)

    def _ask_to_lock(self) -> None:
        from musicmed_desktop.library.locking import FORGOTTEN, REMAINS, lock

        words = (_LOCK, FORGOTTEN, REMAINS)
        dialog = self._dialog("Lock your sessions", words, ("Passphrase", _AGAIN), "Lock my sessions")

        def work(typed: tuple[str, ...]) -> str:
            lock(self._library.folder, typed[0], dialog.told, dialog.cancelled)
            self._library.reopen(typed[0])
            return "Your sessions are locked now. MusicMed asks for the passphrase when it starts."

        ask_until_it_fits(dialog, self._tasks, work, self._done, objection)

    def _ask_to_change(self) -> None:
        from musicmed_desktop.library.locking import FORGOTTEN, change_passphrase

        dialog = self._dialog("Change the passphrase", (FORGOTTEN,), (_NOW, _NEW, _AGAIN), "Change it")

        def work(typed: tuple[str, ...]) -> str:
            change_passphrase(self._library.folder, typed[0], typed[1])
            return "From now on the new passphrase opens your sessions."

        ask_until_it_fits(dialog, self._tasks, work, self._done, objection)

    def _ask_to_unlock(self) -> None:
        from musicmed_desktop.library.locking import unlock

        dialog = self._dialog("Remove the lock", (_UNLOCK,), (_NOW,), "Remove the lock")

        def work(typed: tuple[str, ...]) -> str:
            unlock(self._library.folder, typed[0], dialog.told, dialog.cancelled)
            self._library.reopen()
            return "Your sessions are not locked any more."

        ask_until_it_fits(dialog, self._tasks, work, self._done)

    def _dialog(self, title: str, words: tuple[str, ...], names: tuple[str, ...], yes: str) -> PassphraseDialog:
        return PassphraseDialog(self.window(), title, words, names, yes, "Cancel")

    def _done(self, words: str) -> None:
        self.follow()
        (self.lock if self.change.isHidden() else self.change).setFocus()  # the one that was pressed may be gone
        self.notice.emit(words, None)

    def _refused(self, error: UserError) -> None:
        tell(self.window(), error)


def objection(typed: tuple[str, ...]) -> tuple[str, int] | None:
    """What is wrong with a new passphrase, which was typed twice at the end; and the number of the field to blame."""
    from musicmed_desktop.library.locking.passphrase import check_new

    try:
        check_new(typed[-2])
    except UserError as error:
        return str(error), len(typed) - 2
    return None if typed[-1] == typed[-2] else (_DIFFERENT, len(typed) - 1)

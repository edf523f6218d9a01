"""Plans that come as files, and go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.exchange import PLAN_SUFFIX, PassphraseNeededError, PlanFile, read_plan, write_plan
from musicmed_desktop.plan import Prescription, build_plan
from musicmed_desktop.ui.kit import Column, Flow, button, tell
from musicmed_desktop.ui.pages.check_in.plan_saving import SavePlanDialog
from musicmed_desktop.ui.pages.sessions.targets import DOCUMENTS, ask_target
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_file
from musicmed_desktop.ui.passphrase import PassphraseDialog, ask_until_it_fits
from musicmed_desktop.ui.session import CheckIn
from musicmed_desktop.ui.tasks import Tasks

_KIND = f"Plans for MusicMed (*{PLAN_SUFFIX})"
_LOCKED = "Whoever sent it to you knows the passphrase."


class PlanFiles(Column):
    """Quiet ways for those who need them. `opened` carries a PlanFile, `notice` words and None."""

    opened = Signal(object)
    notice = Signal(str, object)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._plan: Prescription | None = None
        self.open_ = button("Open a plan from your therapist…", self._ask_what, look="link")
        self.save = button("Save as a plan…", self._ask_words, look="link", name="Save what is chosen as a plan")
        self.add(Flow(self.open_, self.save))
        self.follow(None)

    def follow(self, check_in: CheckIn | None) -> None:
        """What could be saved now."""
        self._plan = check_in.prescription() if check_in else None
        self.save.setEnabled(self._plan is not None)

    def open(self, path: Path) -> None:
        """Read a plan, and ask for its passphrase where it has one."""

        def refused(error: UserError) -> None:
            if isinstance(error, PassphraseNeededError):
                self._ask_passphrase(path)
            else:
                tell(self.window(), error)

        self._tasks.run(lambda: read_playable(path), self.opened.emit, refused)

    def _ask_passphrase(self, path: Path) -> None:
        title = "This plan is locked with a passphrase."
        dialog = PassphraseDialog(self.window(), title, (_LOCKED,), ("Passphrase",), "Open", "Cancel")
        ask_until_it_fits(dialog, self._tasks, lambda typed: read_playable(path, typed[0]), self.opened.emit)

    def _ask_what(self) -> None:
        place = Path(QStandardPaths.writableLocation(DOCUMENTS))
        ask_file(self.window(), "Open a plan", _KIND, place, self.open)

    def _ask_words(self) -> None:
        plan = self._plan
        if plan is not None:
            dialog = SavePlanDialog(self.window(), plan)
            dialog.wanted.connect(lambda words, passphrase: self._ask_where(plan, words, passphrase))
            dialog.open()

    def _ask_where(self, plan: Prescription, words: str, passphrase: str | None) -> None:
        def save(target: Path) -> None:
            self._tasks.run(
                lambda: write_plan(plan, target, words, passphrase),
                lambda _: self.notice.emit(
                    f"The plan was saved as {target}. You can give it to your patient now.", None
                ),
                lambda error: tell(self.window(), error),
            )

        ask_target(self.window(), "Save as a plan", {_KIND: PLAN_SUFFIX[1:]}, "Plan", DOCUMENTS, save)


def read_playable(path: Path, passphrase: str | None = None) -> PlanFile:
    """A plan that can be played; UserError also where it cannot be."""
    plan = read_plan(path, passphrase)
    build_plan(plan.prescription, seed=0)
    return plan

"""The one exception that is shown to a person; everything else is a bug."""


class UserError(Exception):
    """Something that the user or the environment can mend.

    `title` says what happened, `hint` what to do, `detail` holds what a helper may need. All are plain
    sentences without a traceback.
    """

    def __init__(self, title: str, hint: str = "", detail: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.hint) if part)

"""After the session: how somebody feels now, and what came of it."""

from musicmed_desktop.ui.pages.check_out.page import CheckOutPage

__all__ = ["CheckOutPage"]

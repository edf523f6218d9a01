"""What everybody reads first, and may read again: what this is, when to take care, where help is, a sound check."""

from musicmed_desktop.ui.pages.introduction.crisis_help import CrisisHelp
from musicmed_desktop.ui.pages.introduction.page import INTRODUCTION, IntroductionPage

__all__ = ["INTRODUCTION", "CrisisHelp", "IntroductionPage"]

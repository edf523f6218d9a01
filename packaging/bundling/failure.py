"""What ends the making of a bundle."""

from __future__ import annotations


class BundleError(Exception):
    """The bundle is not fit to be shipped, or cannot be made here; the text says why and what to do."""

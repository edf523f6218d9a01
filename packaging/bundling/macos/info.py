"""What macOS is told about the app, and about the files that it opens."""

from __future__ import annotations

from typing import Any

from bundling.product import APP_ID, EXCHANGE, LICENCE, TITLE, VERSION

# onnxruntime 1.32 and torch 2.13 come for macOS 14 and newer; Qt 6.11 would do with 13.
OLDEST_MACOS = "14.0"


def info_plist() -> dict[str, Any]:
    """The Info.plist; PyInstaller adds the executable and the icon.

    Nothing is said of a microphone, and so macOS does not let the app hear one.
    """
    return {
        "CFBundleIdentifier": APP_ID,
        "CFBundleName": TITLE,
        "CFBundleDisplayName": TITLE,
        "CFBundleShortVersionString": VERSION,
        "CFBundleVersion": VERSION,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDocumentTypes": [_document(mime, words) for _, mime, words in EXCHANGE],
        "UTExportedTypeDeclarations": [_type(*kind) for kind in EXCHANGE],
        # Neither health nor fitness: it is no treatment and promises no effect.
        "LSApplicationCategoryType": "public.app-category.music",
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": f"Free software: {LICENCE}",
    }


def type_id(mime: str) -> str:
    """macOS' name for a kind of files: org.musicmed.desktop.session."""
    return f"{APP_ID}.{mime.rpartition('-')[2]}".lower()


def _document(mime: str, words: str) -> dict[str, Any]:
    return {
        "CFBundleTypeName": words,
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": "Owner",
        "LSItemContentTypes": [type_id(mime)],
    }


def _type(suffix: str, mime: str, words: str) -> dict[str, Any]:
    tags = {"public.filename-extension": [suffix.removeprefix(".")], "public.mime-type": [mime]}
    return {
        "UTTypeIdentifier": type_id(mime),
        "UTTypeDescription": words,
        "UTTypeConformsTo": ["public.data", "public.content"],
        "UTTypeTagSpecification": tags,
    }

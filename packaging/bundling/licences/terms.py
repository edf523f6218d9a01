"""Which licence a distribution names, and whether a program under the GPL, version 3, may hold it.

Licences have the names of https://spdx.org/licenses/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageMetadata

from bundling.licences import known

# The words of metadata that is older than SPDX's names, in lower case.
_WORDS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",  # one of the two or three clauses; its text says which
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
    "gnu general public license v2 or later (gplv2+)": "GPL-2.0-or-later",
    "gnu general public license v3 (gplv3)": "GPL-3.0-only",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0-or-later",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "public domain": "public-domain",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "unlicense license": "Unlicense",
}


def named(metadata: PackageMetadata) -> str:
    """The licence as an expression in SPDX's way, as far as the metadata names one; empty if it names none.

    License-Expression counts before License, if that is a name and no text, and before the classifiers."""
    if expression := field(metadata, "License-Expression"):
        return expression
    first = field(metadata, "License").split("\n")[0].strip()
    if first.lower() in _WORDS or _is_expression(first):
        return _WORDS.get(first.lower(), first)
    classifiers = [entry for entry in metadata.get_all("Classifier") or () if entry.startswith("License ::")]
    words = {entry.split(" :: ")[-1] for entry in classifiers} - {"OSI Approved"}
    return " AND ".join(sorted(_WORDS.get(word.lower(), word) for word in words)) or first


def field(metadata: PackageMetadata, name: str) -> str:
    """A field of the metadata; empty if it is not there."""
    return str(metadata[name]) if name in metadata else ""


def fits(expression: str) -> bool:
    """Whether the GPL, version 3, allows what the expression says: of what is joined by OR one, by AND all."""
    words = iter([*re.findall(r"[()]|[^()\s/]+", re.sub(r"/", " OR ", expression)), ")"])
    return bool(expression.strip()) and _either(words)


def _is_expression(words: str) -> bool:
    names = [word for word in re.findall(r"[^()\s]+", words) if word not in ("AND", "OR", "WITH")]
    return bool(names) and all(name in known.fitting() for name in names)


def _either(words: Iterator[str]) -> bool:
    """Up to the closing bracket. AND binds closer than OR; an exception after WITH only ever allows more."""
    chosen, fitting = [], True
    for word in words:
        if word == ")":
            break
        if word == "OR":
            chosen.append(fitting)
            fitting = True
        elif word == "WITH":
            next(words)
        elif word == "(":
            fitting = _either(words) and fitting
        elif word != "AND":
            fitting = word in known.fitting() and fitting
    return any([*chosen, fitting])

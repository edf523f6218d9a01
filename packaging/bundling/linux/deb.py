"""The .deb, for Debian, Ubuntu and what stems from them.

The program lies in /opt/musicmed-desktop, as FHS 3.0 (3.13) wants it for software that is not the distribution's own.
The two editions are two packages with the same files, so that installing one replaces the other.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from bundling import product
from bundling.linux import dependencies, files
from bundling.linux.templating import filled, verbatim
from bundling.linux.timestamps import settle, source_date_epoch
from bundling.linux.tools import call
from bundling.product import Flavour

FOLDER = Path("/opt") / product.PROGRAM
LEVEL = 12  # of zstd, 1 to 22: more takes minutes for a few MB

_PACKAGES = {"light": product.PROGRAM, "full": f"{product.PROGRAM}-full"}
_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}


def build(bundle: Path, flavour: Flavour, licences: Path, scratch: Path, out: Path) -> Path:
    """Make the .deb of the folder `bundle` in the folder `out`; returns it.

    `licences` is the text of all notices, `scratch` a folder for what lies about meanwhile. Raises BundleError.
    """
    package = _PACKAGES[flavour.name]
    root = scratch / "deb" / "debian" / package
    shutil.rmtree(scratch / "deb", ignore_errors=True)
    _lay_out(root, bundle, package, licences)
    depends = dependencies.needed(root, root / FOLDER.relative_to("/"))
    _describe(root, flavour, depends)
    settle(root)
    target = out / product.installer_name(flavour, ".deb")
    options = ("--root-owner-group", "-Zzstd", f"-z{LEVEL}")
    epoch = {"SOURCE_DATE_EPOCH": str(source_date_epoch())}
    call("dpkg-deb", *options, "--build", root, target, package="dpkg", env=epoch)
    return target


def _lay_out(root: Path, bundle: Path, package: str, licences: Path) -> None:
    """Everything that the package installs."""
    shutil.copytree(bundle, root / FOLDER.relative_to("/"), symlinks=True)
    usr = root / "usr"
    programs, documents, overrides = (
        usr / "bin",
        usr / "share" / "doc" / package,
        usr / "share" / "lintian" / "overrides",
    )
    for folder in (programs, documents, overrides):
        folder.mkdir(parents=True)
    for name in (product.PROGRAM, product.TERMINAL):  # one program, which looks at the name it is called by
        (programs / name).symlink_to(FOLDER / product.PROGRAM)
    files.write_share(usr / "share")
    notices = licences.read_text(encoding="utf-8")
    (documents / "copyright").write_text(filled("copyright", title=product.TITLE, notices=notices), encoding="utf-8")
    (overrides / package).write_text(filled("lintian-overrides", package=package), encoding="utf-8")


def _describe(root: Path, flavour: Flavour, depends: tuple[str, ...]) -> None:
    """The folder DEBIAN: what dpkg and debconf have to know."""
    package, control = root.name, root / "DEBIAN"
    contents = {
        "control": _control(root, flavour, depends),
        "templates": filled("debconf", package=package),
        "postinst": verbatim("postinst"),
        "postrm": verbatim("postrm"),
        "md5sums": _sums(root),
    }
    for name, text in contents.items():
        (control / name).write_text(text, encoding="utf-8")
    for script in ("postinst", "postrm"):
        (control / script).chmod(0o755)


def _control(root: Path, flavour: Flavour, depends: tuple[str, ...]) -> str:
    return filled(
        "control",
        package=root.name,
        version=product.VERSION,
        architecture=_ARCHITECTURES[product.machine()],
        publisher=product.PUBLISHER,
        kibibytes=str(_kibibytes(root)),
        depends=", ".join(depends),
        recommends=", ".join(dependencies.RECOMMENDED),
        relations=_relations(flavour),
        summary=product.SUMMARY,
        words=flavour.words,
    )


def _relations(flavour: Flavour) -> str:
    """Either edition takes the other's place, and the full one stands in for the light one."""
    other = _PACKAGES["light" if flavour.name == "full" else "full"]
    fields = [f"Conflicts: {other}", f"Replaces: {other}"]
    if flavour.name == "full":
        fields.append(f"Provides: {other} (= {product.VERSION})")
    return "\n".join(fields)


def _kibibytes(root: Path) -> int:
    """Installed-Size as Debian Policy (5.6.20) counts it: each file in whole KiB, and 1 for anything else."""
    paths = (path for path in root.rglob("*") if "DEBIAN" not in path.relative_to(root).parts)
    return sum(1 if path.is_symlink() or path.is_dir() else -(-path.stat().st_size // 1024) for path in paths)


def _sums(root: Path) -> str:
    lines = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and name.parts[0] != "DEBIAN":
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'md5').hexdigest()}  {name.as_posix()}\n")
    return "".join(lines)

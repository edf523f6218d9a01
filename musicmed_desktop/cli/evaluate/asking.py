"""From options to a request; whatever is wrong with them is told here, before any long work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from musicmed_desktop.cli.evaluate.options import Options
from musicmed_desktop.cli.models.place import folder_named, open_store
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.conditions import conditions
from musicmed_desktop.evaluation.folders import check_length, given, sound_files
from musicmed_desktop.evaluation.items import INSTRUMENTS, items
from musicmed_desktop.evaluation.moods import balanced_moods, mood_tag
from musicmed_desktop.evaluation.names import REPORT_FILES, file_names
from musicmed_desktop.evaluation.request import REFERENCE, REQUEST, Request
from musicmed_desktop.evaluation.values import Condition
from musicmed_desktop.evaluation.walking import journeys
from musicmed_desktop.plan.palette import tag_of

TAKEN = (REFERENCE, REQUEST, *REPORT_FILES)  # in the folder of the results; no condition's folder is called so


def request_of(options: Options) -> Request:
    """What is asked for. Raises UserError where that is not possible, or contradicts itself."""
    _refuse_contradictions(options)
    request = replace(_of_clips(options) if options.clips else _of_makers(options), clap=_clap(options))
    if options.reference is None:
        return request
    files = sound_files(options.reference)
    for file in files:
        check_length(file)
    name = f"{options.reference.resolve().name}, {len(files)} files"
    return replace(request, reference=files, notes={**request.notes, "reference music": name})


def _refuse_contradictions(options: Options) -> None:
    makers = options.builtin or options.models or options.adapters
    if (options.clips is None) != (options.intended is None):
        raise UserError("A folder of clips and a table of their moods go together.", "Give --clips and --intended.")
    if options.clips and (makers or options.moods or options.instruments or options.seeds or options.walks):
        raise UserError(
            "With --clips the music is there already.",
            "Leave out --builtin, --model, --adapter, --moods, --instruments, --seeds and --walks.",
        )
    if not options.clips and not makers:
        raise UserError("There is nothing to evaluate.", "Add --builtin, --model, --adapter, or --clips.")
    if options.strength != 1 and not options.adapters:
        raise UserError("There is no adapter to use at another strength.", "Add --adapter, or leave --strength out.")
    if options.no_clap and (options.clap or options.reference):
        raise UserError("--clap and --reference need CLAP.", "Leave them out, or --no-clap.")


def _of_makers(options: Options) -> Request:
    """What the composer, models and adapters have to make."""
    tags = _names(options.moods, mood_tag) if options.moods is not None else balanced_moods()
    asked = options.instruments
    instruments = _names(asked, _instrument) if asked is not None else INSTRUMENTS
    compared = conditions(
        [folder_named(model) for model in options.models],
        [folder_named(adapter) for adapter in options.adapters],
        open_store(),
        builtin=options.builtin,
        strength=options.strength,
        taken=TAKEN,
    )
    return Request(
        compared,
        items(tags, instruments, options.seeds or 1),
        options.seconds,
        journeys(options.walks, options.walk_minutes),
        keep_audio=options.keep_audio,
    )


def _names(listed: str, known: Callable[[str], str]) -> tuple[str, ...]:
    """The tags that somebody listed with commas, each once."""
    names = tuple(dict.fromkeys(known(name) for name in listed.split(",") if name.strip()))
    if not names:
        raise UserError("The list of moods or instruments is empty.", "Name at least one, or leave the option out.")
    return names


def _instrument(name: str) -> str:
    return tag_of("instrument", name.strip())


def _of_clips(options: Options) -> Request:
    """What is there already."""
    if options.clips is None or options.intended is None:
        raise RuntimeError("there is no folder of clips")
    found = given(options.clips, options.intended)
    name = options.clips.resolve().name
    (condition,) = file_names([name], TAKEN)
    left_out = {"left out": f"{found.left_out} tracks that are not there, or cannot be used"} if found.left_out else {}
    intended = {"intended moods": f"{options.intended.name}, {len(found.items)} clips"}
    return Request(
        (Condition(condition, choice=None),),
        found.items,
        options.seconds,
        files=found.files,
        clips=name,
        notes=intended | left_out,
        keep_audio=options.keep_audio,
    )


def _clap(options: Options) -> Path | None:
    """The folder of the CLAP that listens; None where it is done without."""
    if options.no_clap:
        return None
    from musicmed_desktop.engines.models.checks import require_musicgen
    from musicmed_desktop.engines.models.clap import check_clap

    folder = folder_named(options.clap) if options.clap else _installed_clap()
    require_musicgen()
    check_clap(folder)
    return folder


def _installed_clap() -> Path:
    from musicmed_desktop.engines.models.catalogue import catalogue

    here = [model.folder for model in open_store().installed() if model.kind == "evaluation"]
    if not here:
        name = next(entry.name for entry in catalogue() if entry.kind == "evaluation")
        raise UserError(
            "CLAP, which hears how well music fits its words, is not installed.",
            f'Get it with "musicmed models download {name}", name its folder with --clap, or add --no-clap.',
        )
    return here[0]

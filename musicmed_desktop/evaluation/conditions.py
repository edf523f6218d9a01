"""Who makes the music that is compared: the built-in composer, models, and models with adapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.engines import Choice, check_adapter, check_model
from musicmed_desktop.engines.models.checks import require_musicgen, short_name
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.engines.models.wording import plain
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.names import file_names
from musicmed_desktop.evaluation.values import Condition

if TYPE_CHECKING:
    from musicmed_desktop.engines.musicgen.adapters import Adapter
    from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint

BUILTIN = "builtin"


def conditions(
    models: Sequence[Path],
    adapters: Sequence[Path],
    store: Store,
    *,
    builtin: bool = False,
    strength: float = 1.0,
    taken: Sequence[str] = (),
) -> tuple[Condition, ...]:
    """The composer where it is wanted, then each model, followed by itself with each adapter that fits it.

    Without `models`, those in the `store` are looked through for the adapters' own. No condition is called as one of
    the `taken` names. Raises UserError where there is nothing to compare, where a folder is not what it should be, or
    where an adapter fits none of the models.
    """
    if models or adapters:
        require_musicgen()
    for folder in models:
        check_model(folder)
    for folder in adapters:
        check_adapter(folder)
    bases = _bases([*dict.fromkeys(models)], [*dict.fromkeys(adapters)], store)
    if not bases and not builtin:
        raise UserError("There is nothing to evaluate.", "Choose a model, an adapter or the built-in composer.")
    return _named([*([Choice("builtin")] if builtin else []), *_choices(bases, strength)], taken)


def _choices(bases: Mapping[Path, Sequence[Path]], strength: float) -> Iterator[Choice]:
    for model, adapters in bases.items():
        yield Choice("musicgen", model=model)
        for adapter in adapters:
            yield Choice("musicgen", model=model, adapter=adapter, strength=strength)


def _named(choices: Sequence[Choice], taken: Sequence[str]) -> tuple[Condition, ...]:
    wanted = ["+".join(_name(part) for part in (each.model, each.adapter) if part) or BUILTIN for each in choices]
    names = dict(zip(choices, file_names(wanted, taken), strict=True))
    return tuple(
        Condition(name, each, names[Choice("musicgen", model=each.model)] if each.adapter else "")
        for each, name in names.items()
    )


def _name(folder: Path) -> str:
    """What people call it; a training puts each into a folder "adapter" of its own."""
    whole = folder.resolve()
    return whole.parent.name if whole.name == "adapter" else whole.name


def _bases(models: Sequence[Path], adapters: Sequence[Path], store: Store) -> dict[Path, list[Path]]:
    """The models, those that were given first, with the adapters that go with each."""
    from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint

    bases: dict[Path, list[Path]] = {model: [] for model in models}
    if not models and not adapters:
        return bases
    known = {model: read_checkpoint(model) for model in models} or _installed(store)
    for adapter in adapters:
        bases.setdefault(_base(adapter, known, store), []).append(adapter)
    return bases


def _installed(store: Store) -> dict[Path, Checkpoint]:
    """Those that are whole: who gave none need not hear of the others."""
    from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint

    found = {}
    for model in store.installed():
        with suppress(UserError):
            if model.kind == "model":
                found[model.folder] = read_checkpoint(model.folder)
    return found


def _base(folder: Path, models: Mapping[Path, Checkpoint], store: Store) -> Path:
    """The model that the adapter names, or else the only one that it fits."""
    from musicmed_desktop.engines.models.fitting import fits
    from musicmed_desktop.engines.musicgen.adapters import read_adapter

    adapter = read_adapter(folder)
    fitting = [model for model, checkpoint in models.items() if fits(adapter, checkpoint)]
    named = [model for model in fitting if _name(model) == short_name(plain(adapter.base))]
    if not fitting:
        raise _fits_none(adapter, models, store)
    if len(fitting) > 1 and len(named) != 1:
        raise UserError(
            f"The adapter {adapter.name} fits several models: {listed(map(_name, fitting))}.",
            "Name the one that it was trained on, and only that.",
        )
    return (named or fitting)[0]


def _fits_none(adapter: Adapter, models: Mapping[Path, Checkpoint], store: Store) -> UserError:
    from musicmed_desktop.engines.models.fitting import base_of

    base = short_name(plain(base_of(adapter.folder, store)))
    hint = f"It goes with {base}: give that model, too." if base else "Give the model that it was trained on, too."
    if not models:
        return UserError(f"There is no model for the adapter {adapter.name}: none is installed or given.", hint)
    return UserError(f"The adapter {adapter.name} fits none of the models: it was made for another size.", hint)

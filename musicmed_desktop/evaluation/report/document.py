"""results.json: everything, for programs.

    {"format": "musicmed-desktop evaluation", "schema_version": 1, "application": "0.1.0",
     "setting": {NAME: VALUE, ...},
     "metrics": [{"key", "name", "about", "better": "higher" or "lower", "unit"}, ...],
     "rows": [{"condition", "clips", "walks", "scores": {KEY: {"value", "low", "high"}, ...}}, ...],
     "comparisons": [{"base", "tuned", "pairs", "differences": {KEY: {"value", "low", "high"}, ...}}, ...],
     "results": [{"condition": {"name", "tuned_from", "choice"}, "clips": [...], "walks": [...]}, ...]}

A clip is {"key", "seed", "prompt": {"text", "moods", "genre", "instruments", "tempo"}, "target", "measured",
"distance", "target_quadrant", "measured_quadrant", "clap_score", "clap_tags"}; its target and where it was measured are
{"valence", "arousal"}. A walk has every field of values.Walk; a choice every one of engines' Choice, but of its folders
and files only the names; it is null for music that was made elsewhere. What is not known is null. CLAP's embeddings are
left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from musicmed_desktop import __version__
from musicmed_desktop.affect import quadrant
from musicmed_desktop.evaluation.values import Evaluation, Heard, Results

FORMAT = "musicmed-desktop evaluation"
SCHEMA_VERSION = 1


def results_json(evaluation: Evaluation) -> str:
    """The file. Letters beyond ASCII are escaped, so that halves of UTF-16 pairs in names do no harm."""
    document = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "application": __version__,
        "setting": evaluation.setting,
        "metrics": evaluation.metrics,
        "rows": evaluation.rows,
        "comparisons": evaluation.comparisons,
        "results": [_results(each) for each in evaluation.results],
    }
    return json.dumps(_plain(document), indent=1, allow_nan=False) + "\n"


def _results(results: Results) -> dict[str, object]:
    clips = [_clip(heard) for heard in results.clips]
    return {"condition": results.condition, "clips": clips, "walks": results.walks}


def _clip(heard: Heard) -> dict[str, object]:
    target, measured = heard.item.target, heard.measured
    return {
        "key": heard.item.key,
        "seed": heard.item.seed,
        "prompt": heard.item.prompt,
        "target": target,
        "measured": measured,
        "distance": measured.distance(target),
        "target_quadrant": quadrant(target),
        "measured_quadrant": quadrant(measured),
        "clap_score": None if heard.clap_score is None else float(heard.clap_score),
        "clap_tags": heard.clap_tags,
    }


def _plain(value: object) -> object:
    """In the types of JSON; what is not finite becomes null, and of a path its name is told."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Path):
        return value.name
    return None if isinstance(value, float) and not math.isfinite(value) else value

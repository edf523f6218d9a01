"""What the table's columns are called, and what they say."""

from __future__ import annotations

from musicmed_desktop.evaluation.values import Metric

METRICS = (
    Metric("clap", "CLAP score", "Mean cosine of prompt and sound in CLAP's space (Wu et al. 2023).", "higher"),
    Metric(
        "circumplex_error",
        "Circumplex error",
        "Mean distance between where the music should lie on the circumplex and where it was measured.",
        "lower",
    ),
    Metric("valence_error", "Valence error", "Mean absolute difference of intended and measured valence.", "lower"),
    Metric("arousal_error", "Arousal error", "Mean absolute difference of intended and measured arousal.", "lower"),
    Metric("valence_r", "Valence r", "Pearson's correlation of intended and measured valence.", "higher"),
    Metric("arousal_r", "Arousal r", "Pearson's correlation of intended and measured arousal.", "higher"),
    Metric(
        "tags_precision",
        "Tags: precision",
        "Of the clips in which a mood tag was heard, the share that intended it; mean over the tags that occur (macro "
        "average; 0 for one that was never heard). Heard are the tags nearest to the measured place, as many as were "
        "intended, of the 28 that say how music feels and those intended. It has no interval, as resamples have fewer "
        "tags.",
        "higher",
    ),
    Metric(
        "tags_recall",
        "Tags: recall",
        "Of the clips that intended a mood tag, the share in which it was heard; mean over the tags that occur.",
        "higher",
    ),
    Metric(
        "tags_f1",
        "Tags: F1",
        "Harmonic mean of a tag's precision and recall; mean over the tags that occur.",
        "higher",
    ),
    Metric(
        "tags_hamming",
        "Tags: Hamming",
        "Hamming score as 1 - Hamming loss: the share of all tags, over all clips, that are rightly there or rightly "
        "absent. It is high by chance, since most tags are absent: 0.93 for one tag of 28, 0.87 for two.",
        "higher",
    ),
    Metric(
        "tags_jaccard",
        "Tags: Jaccard",
        "Mean over the clips of the tags both intended and heard, divided by those intended or heard; other papers "
        "call this the Hamming score.",
        "higher",
    ),
    Metric(
        "clap_tags_f1",
        "CLAP's tags: F1",
        'F1, as for the tags, of those whose sentences ("calm music") lie nearest to the sound in CLAP\'s space, as '
        "many as were intended.",
        "higher",
    ),
    Metric("clap_tags_jaccard", "CLAP's tags: Jaccard", "As for the tags, with those that CLAP chose.", "higher"),
    Metric(
        "quadrant_accuracy",
        "Quadrant: accuracy",
        "Share of the clips that were measured in the quadrant of the circumplex that was intended; 0.25 by chance "
        "where all four are intended equally often.",
        "higher",
    ),
    Metric(
        "quadrant_precision",
        "Quadrant: precision",
        "Of the clips measured in a quadrant, the share intended there; mean over the quadrants that occur.",
        "higher",
    ),
    Metric(
        "quadrant_recall",
        "Quadrant: recall",
        "Of the clips intended in a quadrant, the share measured there; mean over the quadrants that occur.",
        "higher",
    ),
    Metric(
        "quadrant_f1",
        "Quadrant: F1",
        "Harmonic mean of a quadrant's precision and recall; mean over the quadrants that occur.",
        "higher",
    ),
    Metric(
        "quadrant_hamming",
        "Quadrant: Hamming",
        "Hamming score as 1 - Hamming loss over the four quadrants, of which each clip has one intended and one "
        "measured: half of what accuracy lacks of 1 is lacking here, and 0.62 is reached by chance.",
        "higher",
    ),
    Metric(
        "fad",
        "Frechet audio distance",
        "Distance between the clips and the reference music, each taken as a normal distribution in CLAP's space "
        "(Kilgour et al. 2019). It is too large for small sets, so that only sets of equal size compare. It has no "
        "confidence interval: resampled sets have fewer different clips, and all lie farther away.",
        "lower",
    ),
    Metric(
        "advance",
        "Advance",
        "Spearman's correlation of planned and measured progress along the path, mean over the sessions.",
        "higher",
    ),
    Metric("walk_miss", "Miss on the way", "Mean distance of a session's steps from their targets.", "lower"),
    Metric(
        "join_jump", "Jump at joins", "Median change of short-term loudness at a session's joins; mean.", "lower", "LU"
    ),
    Metric(
        "clicks",
        "Clicks",
        "Share of a session's joins with a larger step from sample to sample than the music around them has; mean.",
        "lower",
    ),
)

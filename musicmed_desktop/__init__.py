"""MusicMed Desktop: music medicine, composed and played on your own computer."""

__version__ = "0.2.0"

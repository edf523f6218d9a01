"""MusicMed Desktop: music medicine, composed and played on your own computer."""

__version__ = "0.1.0"

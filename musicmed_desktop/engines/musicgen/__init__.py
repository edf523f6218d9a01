"""MusicGen (Copet et al. 2023, arXiv 2306.05284): checkpoint, text, decoder, sampling, codec, adapters, engine.

Nothing here is imported before the engine is opened: torch takes seconds to load.
"""

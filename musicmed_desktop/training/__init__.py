"""Fine-tuning of MusicGen on MTG-Jamendo's mood tags by low-rank adaptation (Nikolakakis et al. 2024, arXiv 2411.09080)."""

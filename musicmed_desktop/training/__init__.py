"""Fine-tuning of MusicGen on MTG-Jamendo's mood tags with LoRA (Nikolakakis et al. 2024, arXiv 2411.09080)."""

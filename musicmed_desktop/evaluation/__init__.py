"""How well generated music fits the mood that was asked for (Nikolakakis et al. 2024, arXiv 2411.09080)."""

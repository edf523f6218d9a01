"""MTG-Jamendo (Bogdanov et al. 2019), as it is published."""

"""What Linux gets: a .deb and an AppImage."""

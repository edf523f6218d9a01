"""What macOS gets: a disk image with the app in it."""

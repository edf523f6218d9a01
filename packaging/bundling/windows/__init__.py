"""What Windows gets: an installer made by Inno Setup, and a zip for a USB stick."""

"""What listens to the clips: CLAP, and the program's recognizer."""

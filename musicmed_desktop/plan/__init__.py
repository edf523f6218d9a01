"""What is asked, and what will be played."""

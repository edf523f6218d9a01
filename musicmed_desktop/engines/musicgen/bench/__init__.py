"""How fast music is written here: this project's engine beside its peers, on the same weights, and beside the floor.

Each is measured in a process of its own, so that its peak of memory is its own. What is measured begins with the text
encoder's states, which are the same work for all, and ends with the last sample.
"""

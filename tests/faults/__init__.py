"""A library whose programs are killed and whose disk fails; run in full with `python -m tests.faults`."""

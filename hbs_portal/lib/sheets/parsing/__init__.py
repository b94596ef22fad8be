"""The parsers, run by child.py in a process of its own; they import of the project only what imports little."""

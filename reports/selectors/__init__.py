"""The fixed number of queries that feed the engine; nothing here grows with rows, units or people."""

from reports.selectors.facts import Reading, load_facts, read_progress

__all__ = ["Reading", "load_facts", "read_progress"]

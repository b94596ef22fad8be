"""Sheets: what comes in (container, reading, header) and what goes out (writing)."""

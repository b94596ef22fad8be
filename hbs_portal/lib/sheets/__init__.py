"""Sheets: what comes in (container, reading) and what goes out (writing)."""

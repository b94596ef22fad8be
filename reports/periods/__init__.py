"""Reporting periods (rules G7, G8) without a database: which ones are usual, and what happened within one."""

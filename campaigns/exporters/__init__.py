"""Workbooks that come back: templates to fill in, and lists that import again unchanged."""

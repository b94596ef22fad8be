"""Word documents from templates that people may replace: checked as a container, tag by tag, and rendered apart."""

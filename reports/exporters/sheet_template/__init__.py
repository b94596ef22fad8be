"""The superior's own workbook: which of its cells stand for which figures, and filling them from an edition."""

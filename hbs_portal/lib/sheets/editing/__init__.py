"""Writing into a workbook that belongs to somebody else: only the cells that are named change, byte for byte."""

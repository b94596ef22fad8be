"""The report of the People's Committee as a Word document."""

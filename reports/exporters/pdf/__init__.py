"""Official papers as PDF: the text of the Word report and the tables of the workbook, from the same content."""

"""Lists of records as workbooks."""

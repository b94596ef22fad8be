"""Who stands behind a figure, by name: for the explanation page. A fixed number of queries each."""

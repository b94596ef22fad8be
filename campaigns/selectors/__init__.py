"""Heavy reads of the campaigns app: each page has one named function for what it shows."""

"""Lists as units really have them: understood, checked, then written; one module a kind."""

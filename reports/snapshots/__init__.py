"""Frozen figures: their canonical form, what they are made of, and how two of them are compared. No ORM."""

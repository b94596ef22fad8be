"""Writes of what is to be achieved; each module names its own verbs."""

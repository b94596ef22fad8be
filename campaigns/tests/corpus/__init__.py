"""Lists as schools and villages really have them, made of invented people; each with what must come of it.

`DEBUG=1 python -m campaigns.tests.corpus FOLDER` writes all files, to look at or to try by hand.
"""

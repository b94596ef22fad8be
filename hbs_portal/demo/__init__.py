"""A believable commune with invented people, marked "Dữ liệu minh họa" on every page; the same on every run."""

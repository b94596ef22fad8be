"""The pages of frozen figures: the figures themselves, who stands behind each, and what differs between two."""

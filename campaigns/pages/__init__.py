"""What pages show, put into words; one module a page."""

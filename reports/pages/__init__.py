"""What the pages show, as plain data: built from one reading, handed to a template. No queries, no HTML."""

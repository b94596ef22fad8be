"""Pages of the room `accounts`: log in and out, own password, the audit, files made in the background."""

"""What an officer reads before deciding: the queue, one record with what it would change, the summary of a bulk."""

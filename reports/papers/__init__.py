"""What official papers say, in plain values: the same content for Word, PDF and the screen."""

"""Search over past entries: folding, reading a query, and one engine for each database."""

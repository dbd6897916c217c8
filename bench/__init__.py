"""Benchmarks that anyone can run: what the documents claim of Tribute's search and speed is measured here."""

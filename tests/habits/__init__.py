"""Habits of the code itself, read off the code itself."""

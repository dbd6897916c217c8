"""Triage: signals about words that wait, and the verdict they come to. It orders the queue and refuses nothing."""

"""Mail: each message of the outbox written in words, handed over to a server or a folder, and the loop that does it."""

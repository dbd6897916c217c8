"""Use cases, one file a noun. They take session, actor, moment and limits; they flush and never commit."""

"""A memorial guestbook and tribute wall."""

"""When something that is done again and again was last done, by whichever machine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from tribute.models.base import Base


class LastDone(Base):
    """One thing, and when it was last done."""

    __tablename__ = "last_done"

    what: Mapped[str] = mapped_column(primary_key=True)  # see services/last_done.py
    at: Mapped[datetime]

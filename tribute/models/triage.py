"""What triage found of each revision, what it has learnt of decisions, and what keepers tell it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.domain.verdict import Verdict
from tribute.models.base import Base
from tribute.models.tribute import is_in

LISTS = ("hateful", "spam", "help", "people", "domain")


class Triage(Base):
    """Why a revision stands where it does in the queue; it goes with the words."""

    __tablename__ = "triage"
    __table_args__ = (CheckConstraint(is_in("verdict", tuple(Verdict)), name="verdict"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, autoincrement=False)
    verdict: Mapped[str]
    signals: Mapped[list[list[str]]] = mapped_column(JSON)  # each a name and what its sentence tells, weightiest first
    learnt_as: Mapped[str]  # published, spam or hateful; empty where nothing was learnt of it


class Learnt(Base):
    """How many texts of a kind the classifier has learnt, and how many grams they had."""

    __tablename__ = "learnt"

    kind: Mapped[str] = mapped_column(primary_key=True)
    texts: Mapped[int]
    grams: Mapped[int]


class Gram(Base):
    """In how many texts of each kind some letters in a row stand; kept by their hash alone."""

    __tablename__ = "gram"

    hash: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published: Mapped[int]
    spam: Mapped[int]
    hateful: Mapped[int]


class Sketch(Base):
    """The smallest hashes of a text's runs of words: texts that share most of them are nearly the same."""

    __tablename__ = "sketch"
    __table_args__ = (Index("ix_sketch_revision_id", "revision_id"),)

    hash: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, autoincrement=False)


class ListedWord(Base):
    """What a keeper added to the listed words, or took out of those that ship."""

    __tablename__ = "listed_word"
    __table_args__ = (
        CheckConstraint(is_in("list", LISTS), name="list"),
        CheckConstraint(is_in("grade", ("", "grave", "notable")), name="grade"),
    )

    list: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(primary_key=True)  # empty for peoples and domains
    language: Mapped[str] = mapped_column(primary_key=True)  # empty for domains
    words: Mapped[str] = mapped_column(primary_key=True)
    listed: Mapped[bool]  # false: shipped, and taken out here
    at: Mapped[datetime]
    person_id: Mapped[int]


class Safeguard(Base):
    """What was turned on against a raid, and until when; it ends by itself."""

    __tablename__ = "safeguard"

    name: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    person_id: Mapped[int]
    sentence: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))  # for visitors, while paused

"""Coded reasons: why a moderator declines, a keeper removes, a visitor reports; what a case is about and came to."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a tribute was declined. The rules page says each in words."""

    HATRED = "hatred"
    INSULT = "insult"
    THREAT = "threat"
    PRIVATE_PERSON = "private_person"
    FALSE_IDENTITY = "false_identity"
    DENIAL = "denial"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off_topic"
    UNREADABLE = "unreadable"
    OTHER = "other"


NOTE_REQUIRED: frozenset[Reason] = frozenset({Reason.OTHER})


class Ground(StrEnum):
    """Why a keeper removed a tribute for good."""

    LAW = "law"
    PERSON = "person"
    FAMILY = "family"
    SAFETY = "safety"


class CaseKind(StrEnum):
    """What a message from the contact page is about."""

    CORRECTION = "correction"
    DECISION = "decision"
    ARTICLE = "article"
    ACCESS = "access"
    OTHER = "other"


class CaseOutcome(StrEnum):
    """What came of a case."""

    REMOVED = "removed"
    CORRECTED = "corrected"
    KEPT = "kept"
    ANSWERED = "answered"


class ReportReason(StrEnum):
    """What a visitor reports a public tribute for: the reasons that readers can see for themselves."""

    HATRED = "hatred"
    INSULT = "insult"
    THREAT = "threat"
    PRIVATE_PERSON = "private_person"
    FALSE_IDENTITY = "false_identity"
    DENIAL = "denial"
    ADVERTISING = "advertising"
    OTHER = "other"


WORDS_REQUIRED: frozenset[ReportReason] = frozenset({ReportReason.OTHER})

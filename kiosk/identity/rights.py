"""Who may see what: one table, in one place.

Each row is (how the visitor came in, what proved it) → rights. Nothing else in the kiosk decides access; the portal
checks the same table again on its side, because a kiosk can be stolen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a visitor named themselves."""

    NONE = "none"
    NIK = "nik"
    NIB = "nib"
    PHONE = "phone"
    OCR = "ocr"
    CARD = "card"
    """UID and public photo."""
    SAM = "sam"
    """Biodata through the SAM, no finger."""
    SAM_FINGERPRINT = "sam_fingerprint"
    DRAFT = "draft"
    """A draft's QR: a random 128-bit handle."""
    NUMBER = "number"
    """An application number or ticket QR, and nothing else."""


class Proof(StrEnum):
    """What made it believable."""

    NONE = "none"
    CODE = "code"
    """One-time code to the phone the portal has on record."""
    CODE_TO_NEW_PHONE = "code_to_new_phone"
    """Code to the phone typed now, which the portal does not know: good for this application only."""
    READER = "reader"
    """The certified reader matched the finger."""


class Right(StrEnum):
    INFORM = "inform"
    """Information, KBLI, requirements."""
    QUEUE = "queue"
    SURVEY = "survey"
    PREPARE = "prepare"
    """Prepare an application and take it along as a draft."""
    SUBMIT = "submit"
    SEE_NEW = "see_new"
    """The application filed in this visit."""
    SEE_OWN = "see_own"
    """All own applications and documents, old ones too."""
    DRAFT_MASKED = "draft_masked"
    DRAFT_FULL = "draft_full"
    STATUS_WORDS = "status_words"
    """Status words and days only: no name, no document."""


_ALWAYS = frozenset({Right.INFORM, Right.QUEUE, Right.SURVEY, Right.PREPARE})
_OWN = _ALWAYS | {Right.SUBMIT, Right.SEE_NEW, Right.SEE_OWN, Right.STATUS_WORDS, Right.DRAFT_FULL}
_NEW = _ALWAYS | {Right.SUBMIT, Right.SEE_NEW}

_NEEDS_CODE = (Way.NIK, Way.NIB, Way.PHONE, Way.OCR, Way.CARD, Way.SAM)

TABLE: dict[tuple[Way, Proof], frozenset[Right]] = {
    (Way.NONE, Proof.NONE): _ALWAYS,
    **{(way, Proof.NONE): _ALWAYS for way in _NEEDS_CODE},
    **{(way, Proof.CODE): _OWN for way in _NEEDS_CODE},
    **{(way, Proof.CODE_TO_NEW_PHONE): _NEW for way in _NEEDS_CODE},
    (Way.SAM_FINGERPRINT, Proof.NONE): _ALWAYS,
    (Way.SAM_FINGERPRINT, Proof.READER): _OWN,
    (Way.SAM_FINGERPRINT, Proof.CODE_TO_NEW_PHONE): _NEW,
    (Way.DRAFT, Proof.NONE): _ALWAYS | {Right.DRAFT_MASKED},
    (Way.DRAFT, Proof.CODE): _ALWAYS | {Right.DRAFT_FULL, Right.SUBMIT, Right.SEE_NEW},
    (Way.NUMBER, Proof.NONE): _ALWAYS | {Right.STATUS_WORDS},
}
"""Every pair not listed gives what an unknown visitor may do, and nothing more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the visitor stands in this visit."""

    way: Way = Way.NONE
    proof: Proof = Proof.NONE

    @property
    def rights(self) -> frozenset[Right]:
        return TABLE.get((self.way, self.proof), _ALWAYS)

    def may(self, right: Right) -> bool:
        return right in self.rights

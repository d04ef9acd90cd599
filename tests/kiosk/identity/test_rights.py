"""The access table, row by row, as issue and README state it."""

from __future__ import annotations

import pytest

from kiosk.identity.rights import TABLE, Proof, Right, Standing, Way

ALWAYS = {Right.INFORM, Right.QUEUE, Right.SURVEY, Right.PREPARE}
OWN = ALWAYS | {Right.SUBMIT, Right.SEE_NEW, Right.SEE_OWN, Right.STATUS_WORDS, Right.DRAFT_FULL}
NEW = ALWAYS | {Right.SUBMIT, Right.SEE_NEW}

ROWS = [
    (Way.NONE, Proof.NONE, ALWAYS),
    (Way.NIK, Proof.NONE, ALWAYS),
    (Way.NIK, Proof.CODE, OWN),
    (Way.NIB, Proof.CODE, OWN),
    (Way.PHONE, Proof.CODE, OWN),
    (Way.OCR, Proof.CODE, OWN),
    (Way.CARD, Proof.NONE, ALWAYS),
    (Way.CARD, Proof.CODE, OWN),
    (Way.SAM, Proof.NONE, ALWAYS),
    (Way.SAM, Proof.CODE, OWN),
    (Way.SAM_FINGERPRINT, Proof.NONE, ALWAYS),
    (Way.SAM_FINGERPRINT, Proof.READER, OWN),
    (Way.PHONE, Proof.CODE_TO_NEW_PHONE, NEW),
    (Way.NIK, Proof.CODE_TO_NEW_PHONE, NEW),
    (Way.DRAFT, Proof.NONE, ALWAYS | {Right.DRAFT_MASKED}),
    (Way.DRAFT, Proof.CODE, ALWAYS | {Right.DRAFT_FULL, Right.SUBMIT, Right.SEE_NEW}),
    (Way.NUMBER, Proof.NONE, ALWAYS | {Right.STATUS_WORDS}),
]


@pytest.mark.parametrize(("way", "proof", "rights"), ROWS)
def test_row(way: Way, proof: Proof, rights: set[Right]):
    assert Standing(way, proof).rights == rights


def test_whatever_is_not_in_the_table_gives_what_anybody_may_do():
    for way in Way:
        for proof in Proof:
            if (way, proof) not in TABLE:
                assert Standing(way, proof).rights == ALWAYS


def test_a_reader_alone_never_opens_what_a_code_opens():
    assert not Standing(Way.CARD, Proof.READER).may(Right.SEE_OWN)
    assert not Standing(Way.SAM, Proof.READER).may(Right.SEE_OWN)

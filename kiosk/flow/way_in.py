"""The way in: card, NIK, NIB, phone or nothing; the one-time code; consent.

The screen and its pace are the same whether the portal knows an identity or not: nothing here depends on it until the
code was right.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from kiosk.flow import by_photo
from kiosk.flow.editing import edit
from kiosk.flow.events import (
    Back,
    Backspace,
    CardPresence,
    Choose,
    ClearField,
    Forward,
    Key,
    Toggle,
    Touch,
)
from kiosk.flow.model import ON_THE_WAY_IN, Desk, Dialog, Entry, Pending, Person, Place
from kiosk.flow.orders import (
    CheckCode,
    ForgetIdentity,
    KnowRegion,
    Means,
    Note,
    ProveByReader,
    ProveOfficer,
    ReadCard,
    RecordConsent,
    SendCode,
    Sound,
)
from kiosk.flow.results import (
    CameraOpen,
    CardRead,
    CodeSent,
    FaceSeen,
    Failed,
    Proved,
    RegionKnown,
    Result,
    Trouble,
)
from kiosk.identity.numbers import (
    CODE_DIGITS,
    NIB_DIGITS,
    NIK_DIGITS,
    PHONE_DIGITS,
    Doubt,
    Verdict,
    check_nib,
    check_nik,
    check_phone,
)
from kiosk.identity.rights import Proof, Standing, Way

LIMITS: dict[str, int] = {
    "nik": NIK_DIGITS,
    "nib": NIB_DIGITS,
    "phone": PHONE_DIGITS.stop - 1,
    "draft": PHONE_DIGITS.stop - 1,
}
_SAM_FINGERPRINT = 4
"""`hardware.card.port.Assurance.SAM_FINGERPRINT`."""
_WAYS: dict[Means, Way] = {
    "nik": Way.NIK,
    "nib": Way.NIB,
    "phone": Way.PHONE,
    "card": Way.CARD,
    "draft": Way.DRAFT,
}


def on_touch(desk: Desk, event: Touch) -> None:
    match desk.visit.stage:
        case Place.IDENTIFY:
            _on_identify(desk, event)
        case Place.NUMBER:
            _on_number(desk, event)
        case Place.PHOTO | Place.FACE:
            by_photo.on_touch(desk, event)
        case Place.CODE:
            _on_code(desk, event)
        case Place.CONSENT:
            _on_consent(desk, event)
        case _:
            pass


def on_card(desk: Desk, event: CardPresence) -> None:
    """A card laid down freshly on the first screen is read at once; one that lay there before must be lifted first."""
    visit = desk.visit
    if visit.stage is not Place.IDENTIFY or visit.busy:
        return
    if not event.present:
        return
    if event.insertion > 0 and event.insertion != visit.used_insertion:
        desk.change(used_insertion=event.insertion, trouble=None)
        desk.order(ReadCard(event.insertion))


def on_result(desk: Desk, kind: str, result: Result) -> None:
    match result:
        case CardRead():
            _on_card_read(desk, result)
        case CodeSent(masked, seconds, left):
            desk.change(
                stage=Place.CODE,
                entry=replace(
                    desk.visit.entry,
                    code="",
                    sent_to=masked,
                    sends_left=left,
                    seconds_left=seconds,
                    tries_left=5,
                ),
            )
        case Proved():
            _on_proved(desk, kind, result)
        case FaceSeen():
            by_photo.on_seen(desk, result)
        case CameraOpen():
            pass
        case Failed() if kind == "OpenCamera" and desk.visit.stage is not Place.PHOTO:
            pass  # it was left before the camera had opened
        case RegionKnown(known):
            _on_region(desk, known)
        case Failed() if kind == "KnowRegion":
            _on_region(desk, known=True)  # without its list of regions the kiosk has nothing to doubt
        case Failed(Trouble.NOT_KTP) if kind == "ReadCard":
            # Perhaps an officer's card: asked before the visitor is told that theirs is no e-KTP.
            desk.order(ProveOfficer(desk.visit.used_insertion))
        case Failed(trouble, tries_left):
            desk.change(trouble=trouble)
            if kind == "CheckCode":
                desk.change(entry=replace(desk.visit.entry, code="", tries_left=tries_left))
            if kind == "ReadCard":
                desk.order(Sound("trouble"))
                # A card that bounced, or another one, was laid down while the first was read: it is read now.
                on_card(desk, CardPresence(desk.visit.card_present, desk.visit.insertion))
        case _:
            pass


def tick(desk: Desk, seconds: int) -> None:
    """The code's own life runs on beside the session clock."""
    entry = desk.visit.entry
    if desk.visit.stage is Place.CODE and entry.seconds_left:
        desk.change(entry=replace(entry, seconds_left=max(0, entry.seconds_left - seconds)))


def forget(desk: Desk) -> None:
    """Whoever this was is not known any more."""
    desk.forget_person()
    desk.change(menu_page=0)
    desk.order(ForgetIdentity())


def _on_identify(desk: Desk, event: Touch) -> None:
    match event:
        case Choose("none"):
            desk.change(standing=Standing())
            _enter(desk)
        case Choose("photo"):
            desk.change(stage=Place.PHOTO, entry=Entry(means="nik"))
        case Choose(what) if what in ("nik", "nib", "phone"):
            means = next(means for means in get_args(Means) if means == what)
            # A card that is still being read is not waited for: its answer must not land in what is typed now.
            desk.change(stage=Place.NUMBER, entry=Entry(means=means), pending=_without_way_in(desk))
        case _:
            pass


def _check(means: Means, digits: str) -> Verdict:
    match means:
        case "nik":
            return check_nik(digits)
        case "nib":
            return check_nib(digits)
        case _:
            return check_phone(digits)


def _on_number(desk: Desk, event: Touch) -> None:
    entry = desk.visit.entry
    match event:
        case Key() | Backspace() | ClearField():
            digits = edit(entry.digits, event, "digits", LIMITS[entry.means])
            desk.change(entry=replace(entry, digits=digits, doubt=""))
        case Forward() if not desk.visit.busy:
            verdict = _check(entry.means, entry.digits)
            if verdict.acceptable and entry.means == "draft":
                desk.change(entry=replace(entry, digits=verdict.digits))
                desk.order(_code_for(desk))
            elif verdict.acceptable and entry.means == "nik" and entry.doubt != Doubt.REGION:
                desk.change(entry=replace(entry, digits=verdict.digits, doubt=""))
                desk.order(KnowRegion(verdict.digits[:6]))
            elif verdict.acceptable:
                # Also a NIK whose region was doubted: it was warned about once, and goes on.
                desk.order(SendCode(entry.means, verdict.digits))
            else:
                desk.change(entry=replace(entry, doubt=(verdict.doubt or "").__str__()))
        case Choose("nik" | "phone" as means) if entry.means not in (means, "draft"):
            desk.change(entry=Entry(means=means))
        case Back() if entry.means == "draft":
            desk.change(entry=Entry(), pending=_without_way_in(desk))
            _enter(desk)
        case Back():
            desk.change(stage=Place.IDENTIFY, entry=Entry(), pending=_without_way_in(desk))
        case _:
            pass


def _on_region(desk: Desk, known: bool) -> None:
    """Districts are split and renamed, and a NIK keeps the code it was issued with: an unknown one is worth a second
    look, never a refusal."""
    entry = desk.visit.entry
    if (
        desk.visit.stage not in (Place.NUMBER, Place.FACE)
        or entry.means != "nik"
        or not check_nik(entry.digits).acceptable
    ):
        return
    if known:
        desk.order(SendCode("nik", entry.digits))
    else:
        desk.change(entry=replace(entry, doubt=Doubt.REGION.value))


def _on_code(desk: Desk, event: Touch) -> None:
    entry = desk.visit.entry
    match event:
        case Key() | Backspace() | ClearField() if not desk.visit.busy:
            code = edit(entry.code, event, "digits", CODE_DIGITS)
            desk.change(entry=replace(entry, code=code))
            if len(code) == CODE_DIGITS and code != entry.code:
                desk.order(CheckCode(code))
        case Forward() if len(entry.code) == CODE_DIGITS and not desk.visit.busy:
            desk.order(CheckCode(entry.code))
        case Choose("resend") if entry.sends_left > 0 and not desk.visit.busy:
            desk.order(_code_for(desk))
        case Choose("phone"):
            other = Entry("draft", handle=entry.handle) if entry.means == "draft" else Entry("phone")
            desk.change(stage=Place.NUMBER, entry=other, pending=_without_way_in(desk))
        case Back():
            stage = Place.IDENTIFY if entry.means == "card" else Place.FACE if entry.face else Place.NUMBER
            desk.change(stage=stage, entry=replace(entry, code=""), pending=_without_way_in(desk))
        case _:
            pass


def _code_for(desk: Desk) -> SendCode:
    """The order for what the visitor named on the way in. A draft is asked for together with a phone: whoever finds
    its paper neither learns whose it is nor has a message sent to them."""
    entry = desk.visit.entry
    match entry.means:
        case "card":
            return SendCode("card", desk.visit.claim)
        case "draft":
            return SendCode("draft", entry.handle, phone=entry.digits)
        case means:
            return SendCode(means, entry.digits)


def _without_way_in(desk: Desk) -> tuple[Pending, ...]:
    """Going back: answers to what was asked on the way in are not waited for any more."""
    return tuple(entry for entry in desk.visit.pending if entry.kind not in ON_THE_WAY_IN)


def _on_consent(desk: Desk, event: Touch) -> None:
    visit = desk.visit
    match event:
        case Toggle("whatsapp"):
            desk.change(whatsapp=not visit.whatsapp)
        case Choose("privacy"):
            desk.change(own_dialog=Dialog.PRIVACY)
        case Forward():
            desk.change(consented=True)
            desk.order(
                RecordConsent(visit.settings.consent_version, visit.whatsapp), Note("consent", detail="yes")
            )
            _enter(desk)
        case Choose("refuse") | Back():
            # Refusing costs nothing but the use of personal data: the kiosk stays open to an unknown visitor.
            forget(desk)
            desk.order(Note("consent", detail="no"))
            _enter(desk)
        case _:
            pass


def _on_card_read(desk: Desk, card: CardRead) -> None:
    desk.order(Sound("beep"))
    desk.change(claim=card.handle)
    if card.assurance >= _SAM_FINGERPRINT and card.nik:
        desk.order(ProveByReader(card.nik))
        desk.change(entry=Entry(means="nik", digits=card.nik))
    elif card.nik:
        desk.order(SendCode("nik", card.nik))
        desk.change(entry=Entry(means="nik", digits=card.nik))
    else:
        desk.order(SendCode("card", card.handle))
        desk.change(entry=Entry(means="card"))


def _on_proved(desk: Desk, kind: str, proved: Proved) -> None:
    if kind == "ProveByReader":
        standing = Standing(Way.SAM_FINGERPRINT, Proof.READER)
    else:
        way = Way.OCR if desk.visit.entry.face is not None else _WAYS[desk.visit.entry.means]
        bound = proved.known or way is Way.DRAFT  # the portal sends a draft's code to the draft's phone alone
        standing = Standing(way, Proof.CODE if bound else Proof.CODE_TO_NEW_PHONE)
    desk.change(
        standing=standing,
        person=Person(
            proved.name or by_photo.name_of(desk.visit.entry),
            proved.sex,
            proved.phone_masked,
            proved.processing,
        ),
        entry=Entry(),
        stage=Place.CONSENT,
    )
    desk.order(Note("identified", detail=standing.way.value))


def _enter(desk: Desk) -> None:
    """Into the menu, or back to the journey that sent the visitor here."""
    desk.change(stage=Place.MENU, suspended=False, trouble=None)

"""What a worker does after the visitor has gone: the rows of the outbox, one at a time, each safe to begin again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from kiosk.effects.parcel import Parcel, unpack
from kiosk.effects.surveying import for_portal
from kiosk.portal.client import PortalClient
from kiosk.portal.models import DocumentPlan, NewApplication, NewDraft
from kiosk.portal.trouble import PortalTrouble
from kiosk.portal.tus import UploadPlan
from kiosk.settings import Settings
from kiosk.store.errands import Done, Errand, Later, Never, Outcome


def _after(trouble: PortalTrouble) -> Outcome:
    word = trouble.word or trouble.kind
    return Later(word, trouble.retry_after) if trouble.passing else Never(word)


async def application(errand: Errand, settings: Settings) -> Outcome:
    """File an application with the visitor's grant; filed already means done."""
    parcel = unpack(errand.payload)
    new = NewApplication(**_plain(parcel.head["application"]))
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            said = await portal.submit_application(new, key=errand.key, grant=parcel.text("grant"))
        except PortalTrouble as trouble:
            return _after(trouble)
    return Done(Parcel({"number": said.number, "token": said.record_token}).pack())


def _plain(head: object) -> dict[str, Any]:
    """Fields of a `kiosk.portal.models` value as they were packed."""
    values = cast("dict[str, Any]", head)
    return {
        **values,
        "answers": tuple((name, text) for name, text in values["answers"]),
        "documents": tuple(DocumentPlan(**plan) for plan in values["documents"]),
    }


async def draft(errand: Errand, settings: Settings) -> Outcome:
    """Keep a draft that was made while the line was down, under the handle its QR bears already."""
    parcel = unpack(errand.payload)
    new = NewDraft(**_plain(parcel.head["draft"]))
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            await portal.save_draft(
                new, key=errand.key, handle=parcel.text("replaces"), grant=parcel.text("grant")
            )
        except PortalTrouble as trouble:
            return _after(trouble)
    return Done()


async def document(errand: Errand, settings: Settings) -> Outcome:
    """Upload one document of an application that was filed before; carries on where an earlier try stopped."""
    parcel, before = unpack(errand.payload), unpack(errand.answer_before or b"{}\n")
    if not before.text("number"):
        return Later("application_first")
    kind = parcel.text("kind")
    plan = UploadPlan(
        parent=before.text("number"),
        kind=kind,
        token=before.text("token"),
        key=errand.key,
        filename=f"{kind}.pdf",
        pages=parcel.count("pages"),
        url=errand.upload_url,
    )
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            await portal.upload_document(parcel.body, plan, errand.progress)
        except PortalTrouble as trouble:
            return _after(trouble)
    return Done()


async def number(errand: Errand, settings: Settings) -> Outcome:
    """Report a queue number that this kiosk gave out while the line was down.

    The portal may have made one in that very visit, only its answer was lost. Then it refuses the report, and the first
    question asked again tells which number it was: the QR on the visitor's paper leads there.
    """
    parcel = unpack(errand.payload)
    service, code = parcel.text("service"), parcel.text("code")
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            ticket = await portal.take_queue_number(
                service,
                key=errand.key,
                code=code,
                provisional=parcel.text("provisional"),
                taken_at=datetime.fromisoformat(parcel.text("taken_at")),
            )
        except PortalTrouble as trouble:
            if trouble.word != "idempotency-mismatch":
                return _after(trouble)
            try:
                ticket = await portal.take_queue_number(service, key=errand.key, code=code)
            except PortalTrouble as again:
                return _after(again)
    return Done(Parcel({"number": ticket.number}).pack())


async def end_visit(errand: Errand, settings: Settings) -> Outcome:
    """Take back the tokens of a visit that ended while the line was down."""
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            await portal.end_visit(unpack(errand.payload).text("visit"))
        except PortalTrouble as trouble:
            return _after(trouble)
    return Done()


async def survey(errand: Errand, settings: Settings) -> Outcome:
    """Send a satisfaction survey that was answered while the line was down; the portal knows its key."""
    parcel = unpack(errand.payload)
    scores = cast("dict[str, int]", parcel.head["scores"])
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            await portal.post_survey(
                for_portal(tuple(scores.items())),
                version=parcel.text("version"),
                key=errand.key,
                language=parcel.text("language"),
                profile=tuple(cast("dict[str, str]", parcel.head.get("profile", {})).items()),
            )
        except PortalTrouble as trouble:
            return _after(trouble)
    return Done()

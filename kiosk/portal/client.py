"""The office's portal as the kiosk uses it: one async method a call of the contract (openapi.yaml).

Every method returns a value or raises `PortalTrouble`. One client belongs to one visit (or one worker): it holds the
visit's rights and gives them with each call, and forgets them with `forget`. No body is ever logged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kiosk.portal import decode, tus
from kiosk.portal.archive import PortalArchive
from kiosk.portal.fields import Json, each, text
from kiosk.portal.models import (
    Application,
    ApplicationSummary,
    Challenge,
    CodeSent,
    Draft,
    DraftSaved,
    EventsKept,
    Health,
    HelpCall,
    LodgedAnchor,
    Means,
    NewApplication,
    NewDraft,
    PortalEvent,
    PublicStatus,
    QueueState,
    References,
    Service,
    Submitted,
    Ticket,
    VisitRights,
)
from kiosk.portal.trouble import Kind, PortalTrouble
from kiosk.portal.tus import Progress, Uploaded, UploadPlan
from kiosk.portal.wire import Answer, Line, Wire, nothing

if TYPE_CHECKING:
    from kiosk.settings.model import Portal

__all__ = ["Kind", "Line", "PortalClient", "PortalTrouble"]

T = TypeVar("T")
_PROFILE = {"sex": "jenis_kelamin", "age": "umur", "schooling": "pendidikan", "work": "pekerjaan"}
_JSON = {"content-type": "application/json"}
_MERGE = {"content-type": "application/merge-patch+json"}


def new_key() -> str:
    """A fresh idempotency key. Keep it with what it stands for: the same key at every try makes one record."""
    return os.urandom(16).hex()


class PortalClient:
    def __init__(self, line: Line, *, visit_id: str = "") -> None:
        """`visit_id` (8 to 64 of A-Z a-z 0-9 _ -) binds codes and tokens to this visit; a random one when empty."""
        self._wire = Wire(line)
        self._visit = visit_id or new_key()
        self._challenge = ""
        self._rights: VisitRights | None = None
        self._help = ""
        self.archive = PortalArchive(self._send)

    @classmethod
    def from_settings(cls, portal: Portal, *, visit_id: str = "") -> PortalClient:
        """Credential from the systemd credentials "portal-token" and "portal-key", else from the files the settings
        name. Without either the client works and the portal will say 401. Raises `SecretTroubleError`."""
        from kiosk.settings.secret import find_secret, read_secret

        token = ""
        if find_secret("portal-token", portal.token_file) is not None:
            token = read_secret("portal-token", portal.token_file).text
        return cls(
            Line(
                url=portal.url,
                token=token,
                connect_seconds=portal.connect_seconds,
                read_seconds=portal.read_seconds,
                client_cert=portal.client_cert,
                client_key=find_secret("portal-key", portal.client_key) if portal.client_cert else None,
                ca_file=portal.ca_file,
            ),
            visit_id=visit_id,
        )

    async def close(self) -> None:
        await self._wire.close()

    async def __aenter__(self) -> PortalClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- the office --------------------------------------------------------------------------------------------

    async def health(self) -> Health:
        """One try, no retries: it is asked often and its failure is the answer."""
        return await self._wire.call("GET", "/health", _json(decode.health), repeat=False)

    async def references(self) -> References:
        return await self._get("/references", decode.references)

    async def services(self) -> tuple[Service, ...]:
        return await self._get("/services", lambda got: each(got, "layanan", decode.service))

    # --- who it is ---------------------------------------------------------------------------------------------

    @property
    def rights(self) -> VisitRights | None:
        """What this visit may do; None until a code or a reader proved something."""
        return self._rights

    async def identify(self, means: Means, value: str, *, phone: str = "") -> Challenge:
        """Name the visitor. The answer says nothing of whether the portal knows them.

        With `phone` the code will go there: it opens own records only if the portal has that phone on record for this
        identity, else it is good for a new application alone.
        """
        claim: Json = {"cara": means, "nilai": value}
        if phone:
            claim["hp"] = phone
        found = await self._post("/identity", claim, decode.challenge, visit=True)
        self._challenge = found.id
        return found

    async def send_code(self, challenge: str = "", *, key: str = "") -> CodeSent:
        """Send a code for the last challenge (or the one named). Raises "too_many" after 3 within an hour."""
        path = f"/identity/{challenge or self._challenge}/code"
        return await self._post(path, None, decode.code_sent, key=key or new_key(), visit=True)

    async def check_code(self, code: str, challenge: str = "", *, key: str = "") -> VisitRights:
        """Rights for the right code. Raises "forbidden" word "wrong-code" with `tries_left`; "gone" word
        "code-expired"; "too_many" word "tries-spent"."""
        path = f"/identity/{challenge or self._challenge}/check"
        rights = await self._post(path, {"kode": code}, decode.rights, key=key or new_key(), visit=True)
        self._rights = rights
        return rights

    async def prove_by_reader(self, nik: str, *, reader: str, matched_at: datetime) -> VisitRights:
        """A certified reader matched the finger: no code. `matched_at` needs an offset; older than two minutes is
        refused. Scope "none" when the portal does not know the person."""
        body: Json = {"nik": nik, "pembaca": reader, "cocok_pada": matched_at.isoformat()}
        rights = await self._post("/identity/reader", body, decode.rights, visit=True)
        self._rights = rights
        return rights

    def leave(self) -> str:
        """Drop the visit's rights here and go on under a new visit id, so that a late `end_visit` ends nobody else's.
        Returns the old visit id; "" when the portal was never asked who this is, so that there is nothing to end."""
        left = self._visit if self._rights is not None or self._challenge else ""
        self._rights, self._challenge = None, ""
        if left:
            self._visit = new_key()
        return left

    async def end_visit(self, visit_id: str) -> None:
        """Take back every token and open challenge of a visit, this one or an earlier one. The id is no secret: it
        opens nothing without the token."""
        await self._wire.call("DELETE", "/visit", nothing, headers={"visit-id": visit_id}, repeat=True)

    async def forget(self) -> bool:
        """`leave`, then `end_visit`. Never raises; False when the portal was not reached."""
        left = self.leave()
        if not left:
            return True
        try:
            await self.end_visit(left)
        except PortalTrouble:
            return False
        return True

    # --- applications ------------------------------------------------------------------------------------------

    async def submit_application(self, new: NewApplication, *, key: str, grant: str = "") -> Submitted:
        """File an application; the same `key` at every try makes exactly one. `grant` (from `VisitRights`) files it
        after the visit. Raises "invalid" with `fields`."""
        headers = {"submit-grant": grant} if grant else self._as_visitor()
        body = decode.application_json(new)
        return await self._send(
            "POST", "/applications", body, _replayable(decode.submitted), {**headers, **_key(key)}
        )

    async def my_applications(self) -> tuple[ApplicationSummary, ...]:
        return await self._get(
            "/applications", lambda got: each(got, "permohonan", decode.summary), visit=True
        )

    async def application(self, number: str) -> Application:
        return await self._get(f"/applications/{_part(number)}", decode.application, visit=True)

    async def correct_application(self, number: str, answers: Sequence[tuple[str, str]]) -> Application:
        """Replace single answers while the office waits for corrections (kd_status 11)."""
        headers = {**self._as_visitor(), **_MERGE}
        body: Json = {"isian": dict(answers)}
        build = _json(decode.application)
        return await self._send("PATCH", f"/applications/{_part(number)}", body, build, headers)

    async def upload_document(
        self, data: bytes | Path, plan: UploadPlan, progress: Progress | None = None
    ) -> Uploaded:
        """Upload one document whole, carrying on where an earlier try stopped (`plan.url`). See `kiosk.portal.tus`."""
        return await tus.upload(self._wire, data, plan, progress)

    async def drop_upload(self, url: str, record_token: str) -> None:
        await tus.drop(self._wire, url, record_token)

    async def document(self, document_id: str) -> bytes:
        """The bytes of an own document. Longer than 4 MiB is refused as "garbage": screens show no more."""
        path = f"/documents/{_part(document_id)}"
        return await self._wire.call(
            "GET", path, lambda got: got.body, headers=self._as_visitor(), repeat=True
        )

    # --- drafts ------------------------------------------------------------------------------------------------

    async def save_draft(
        self, new: NewDraft, *, key: str = "", handle: str = "", record_token: str = "", grant: str = ""
    ) -> DraftSaved:
        """Keep a draft for 7 days; with `handle` (and its `record_token`, or rights to it) replace that one. `grant`
        (from `VisitRights`) keeps it for its visitor after the visit."""
        headers = {"submit-grant": grant} if grant else self._as_visitor() if self._rights else {}
        body = decode.draft_json(new)
        build = _replayable(decode.draft_saved)
        if handle:
            headers |= {"record-token": record_token} if record_token else {}
            return await self._send("PUT", f"/drafts/{_part(handle)}", body, build, headers)
        headers |= _key(key or new_key())
        return await self._send("POST", "/drafts", body, build, headers)

    async def load_draft(self, handle: str) -> Draft:
        """Masked unless this visit has proved the draft's phone (`identify("draft", handle)`) or owns it."""
        return await self._get(f"/drafts/{_part(handle)}", decode.draft, visit=self._rights is not None)

    async def drop_draft(self, handle: str, *, record_token: str = "") -> None:
        headers = {"record-token": record_token} if record_token else self._as_visitor()
        await self._wire.call("DELETE", f"/drafts/{_part(handle)}", nothing, headers=headers, repeat=True)

    # --- queue and status --------------------------------------------------------------------------------------

    async def queue_state(self) -> QueueState:
        return await self._get("/queue", decode.queue_state)

    async def take_queue_number(
        self,
        service: str,
        *,
        key: str,
        priority: bool = False,
        code: str = "",
        provisional: str = "",
        taken_at: datetime | None = None,
    ) -> Ticket:
        """A number for a counter. `code` (16 of 0-9 A-Z without I L O U), `provisional` and `taken_at` report a number
        this kiosk gave out while offline: the QR on its paper keeps working and leads to the real number."""
        body: Json = {
            "layanan": service,
            "prioritas": priority,
            "kode": code,
            "sementara": provisional,
            "diambil": taken_at.isoformat() if taken_at else "",
        }
        return await self._send("POST", "/queue/tickets", body, _replayable(decode.ticket), _key(key))

    async def queue_ticket(self, code: str) -> Ticket:
        return await self._get(f"/queue/tickets/{_part(code)}", decode.ticket)

    async def public_status(self, number: str) -> PublicStatus:
        """Words and days for an application number or a ticket's code alone. Raises "gone" for neither."""
        return await self._get(f"/status/{_part(number)}", decode.public_status)

    # --- officers, receipts, log -------------------------------------------------------------------------------

    async def send_receipt(self, number: str, *, key: str = "", channel: str = "sms") -> str:
        """Number and link to the proved phone; returns the masked phone."""
        body: Json = {"nomor": number, "saluran": channel}
        return await self._post(
            "/receipts", body, lambda got: text(got, "hp_tersamar"), key=key or new_key(), visit=True
        )

    async def call_officer(self, place: str, *, language: str = "id", key: str = "") -> HelpCall:
        """Ring at the desk: which kiosk, which step, never who."""
        body: Json = {"tempat": place, "bahasa": language}
        call = await self._post("/help", body, decode.help_call, key=key or new_key())
        self._help = call.id
        return call

    async def cancel_call(self, call: str = "") -> None:
        """End the last call (or the one named). Without a call nothing is asked."""
        name = call or self._help
        if not name:
            return
        if name == self._help:
            self._help = ""
        await self._wire.call("DELETE", f"/help/{_part(name)}", nothing, repeat=True)

    async def help_state(self, call: str = "") -> HelpCall | None:
        """State of the last call (or the one named); None without a call."""
        name = call or self._help
        return await self._get(f"/help/{_part(name)}", decode.help_call) if name else None

    async def help_minutes(self) -> int:
        """Minutes the officer promised; 0 without a call, before an answer and after the end."""
        call = await self.help_state()
        return call.minutes if call is not None and call.state == "coming" else 0

    async def post_events(self, batch: Sequence[PortalEvent]) -> EventsKept:
        """Append events (at most 500). Ids make a repeat harmless."""
        body: Json = {"kejadian": [decode.event_json(event) for event in batch]}
        return await self._post("/events", body, decode.events_kept)

    async def lodge_anchor(self, number: int, chain: str) -> None:
        """Lodge the head of the event log (64 hex digits). Raises "refused" (`anchor-changed`) when the portal has
        another hash for the same event: the log was rewritten, or another kiosk bears this one's name."""
        await self._send("POST", "/anchors", {"nomor": number, "segel": chain}, nothing, {})

    async def anchors(self) -> tuple[LodgedAnchor, ...]:
        """What this kiosk has lodged, oldest first; the newest 1,000."""
        return await self._get("/anchors", decode.anchors)

    async def post_survey(
        self,
        scores: Sequence[tuple[str, int]],
        *,
        version: str,
        key: str,
        service: str = "",
        language: str = "id",
        profile: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Answers of the SKM, "U1" to "U9" each 1 to 4. Sent without any visit token: the survey is anonymous."""
        body: Json = {"versi": version, "layanan": service, "bahasa": language, "jawaban": dict(scores)}
        if profile:
            body["profil"] = {_PROFILE[name]: word for name, word in profile}
        await self._send("POST", "/surveys", body, nothing, _key(key))

    async def invite_survey(self) -> str:
        """Address of a page on which one phone may answer the survey once. Sent without any visit token."""
        return await self._post("/surveys/invitations", None, lambda answer: text(answer, "url"))

    # --- inside ------------------------------------------------------------------------------------------------

    def _as_visitor(self) -> dict[str, str]:
        headers = {"visit-id": self._visit}
        if self._rights is not None and self._rights.token:
            headers["visit-token"] = self._rights.token
        return headers

    async def _get(self, path: str, build: Callable[[Json], T], *, visit: bool = False) -> T:
        headers = self._as_visitor() if visit else {}
        return await self._wire.call("GET", path, _json(build), headers=headers, repeat=True)

    async def _post(
        self, path: str, body: Json | None, build: Callable[[Json], T], *, key: str = "", visit: bool = False
    ) -> T:
        headers = (self._as_visitor() if visit else {}) | (_key(key) if key else {})
        return await self._send("POST", path, body, _json(build), headers)

    async def _send(
        self, method: str, path: str, body: Json | None, build: Callable[[Answer], T], headers: dict[str, str]
    ) -> T:
        """Every write of the contract is harmless to repeat: by its key, its ids, or because it says the same."""
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            headers = {**_JSON, **headers}
        return await self._wire.call(method, path, build, body=content, headers=headers, repeat=True)


def _json(build: Callable[[Json], T]) -> Callable[[Answer], T]:
    return lambda answer: build(answer.json)


def _replayable(build: Callable[[Json, bool], T]) -> Callable[[Answer], T]:
    return lambda answer: build(answer.json, answer.replayed)


def _key(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def _part(value: str) -> str:
    """One part of a path; whatever a visitor typed stays inside it. An empty one names nothing."""
    from urllib.parse import quote

    if not value.strip(".") or len(value) > 200:
        raise PortalTrouble("gone", word="not-found", status=404)
    return quote(value, safe="")

"""From the portal's JSON to `kiosk.portal.models` and back. Every reader raises `GarbageError` for what the contract
does not promise."""

from __future__ import annotations

from typing import TypeVar

from kiosk.portal.fields import GarbageError, Json, each, flag, moment, number, obj, text, texts
from kiosk.portal.models import (
    Application,
    ApplicationSummary,
    Challenge,
    CodeSent,
    Document,
    DocumentPlan,
    Draft,
    DraftSaved,
    EventsKept,
    Health,
    HelpCall,
    HelpWord,
    History,
    LodgedAnchor,
    NewApplication,
    NewDraft,
    PortalEvent,
    PublicStatus,
    QueueState,
    References,
    Scope,
    Service,
    ServiceClock,
    ServiceQueue,
    StatusWords,
    Step,
    StepState,
    Submitted,
    Ticket,
    TicketWord,
    VisitRights,
    Words,
)

W = TypeVar("W")

_SCOPES: dict[str, Scope] = {"own": "own", "new": "new", "draft": "draft", "none": "none"}
_STEPS: dict[str, StepState] = {"done": "done", "now": "now", "ahead": "ahead", "late": "late"}
_CLOCKS: dict[str, ServiceClock] = {"berjalan": "running", "berhenti": "stopped", "selesai": "ended"}
_HELP: dict[str, HelpWord] = {
    "memanggil": "ringing",
    "datang": "coming",
    "selesai": "ended",
    "batal": "cancelled",
}
_TICKETS: dict[str, TicketWord] = {
    "menunggu": "waiting",
    "dipanggil": "called",
    "selesai": "served",
    "terlewat": "missed",
}


def _one_of(table: dict[str, W], word: str) -> W:
    try:
        return table[word]
    except KeyError:
        raise GarbageError("unknown word") from None


def words(source: Json, name: str) -> Words:
    got = obj(source, name)
    return Words(text(got, "id"), text(got, "en"))


def health(source: Json) -> Health:
    if text(source, "keadaan") != "baik":
        raise GarbageError("keadaan")
    return Health(moment(source, "waktu"), text(source, "versi"))


def references(source: Json) -> References:
    kbli, rules = obj(source, "kbli"), obj(source, "syarat")
    return References(
        text(kbli, "versi"),
        text(kbli, "dasar"),
        text(rules, "versi"),
        text(rules, "tanggal"),
        flag(source, "contoh"),
    )


def service(source: Json) -> Service:
    return Service(
        text(source, "id"),
        words(source, "nama"),
        text(source, "awalan"),
        text(source, "loket"),
        flag(source, "buka"),
        text(source, "tutup_pukul"),
    )


def challenge(source: Json) -> Challenge:
    return Challenge(text(source, "tantangan"), text(source, "hp_tersamar"), number(source, "sisa_kirim"))


def code_sent(source: Json) -> CodeSent:
    return CodeSent(
        text(source, "hp_tersamar"),
        number(source, "berlaku_detik"),
        number(source, "sisa_kirim"),
        number(source, "sisa_coba"),
    )


def step(source: Json) -> Step:
    return Step(
        words(source, "judul"),
        words(source, "rincian"),
        _one_of(_STEPS, text(source, "keadaan")),
        flag(source, "sejajar"),
        text(source, "instansi"),
        number(source, "hari_ke"),
        number(source, "dari_hari"),
        text(source, "tanggal"),
    )


def status_words(source: Json) -> StatusWords:
    return StatusWords(
        text(source, "kd_status"),
        text(source, "uraian_status"),
        words(source, "judul"),
        number(source, "hari_ke"),
        number(source, "dari_hari"),
        _one_of(_CLOCKS, text(source, "jam_layanan")),
        each(source, "langkah", step),
    )


def summary(source: Json) -> ApplicationSummary:
    return ApplicationSummary(
        text(source, "nomor"),
        text(source, "kbli"),
        text(source, "skala_usaha"),
        text(source, "nama_perseroan"),
        moment(source, "diterima"),
        status_words(obj(source, "status")),
    )


def rights(source: Json) -> VisitRights:
    return VisitRights(
        _one_of(_SCOPES, text(source, "lingkup")),
        text(source, "visit_token"),
        text(source, "submit_grant"),
        moment(source, "berlaku_sampai"),
        moment(source, "grant_sampai"),
        text(source, "nama"),
        text(source, "jenis_kelamin"),
        text(source, "hp_tersamar"),
        each(source, "permohonan", summary),
    )


def submitted(source: Json, replayed: bool) -> Submitted:
    return Submitted(
        text(source, "nomor"),
        text(source, "kd_status"),
        text(source, "uraian_status"),
        moment(source, "diterima"),
        text(source, "perkiraan_selesai"),
        text(source, "url"),
        text(source, "record_token"),
        replayed,
    )


def plan(source: Json) -> DocumentPlan:
    return DocumentPlan(text(source, "jenis"), number(source, "halaman"))


def document(source: Json) -> Document:
    return Document(
        text(source, "id"),
        text(source, "jenis"),
        text(source, "nama_file"),
        text(source, "filetype"),
        number(source, "ukuran"),
        number(source, "halaman"),
        text(source, "sha256"),
    )


def history(source: Json) -> History:
    return History(
        text(source, "kd_status"),
        text(source, "uraian_status"),
        moment(source, "tgl_status"),
        text(source, "instansi"),
    )


def application(source: Json) -> Application:
    return Application(
        text(source, "nomor"),
        text(source, "kbli"),
        text(source, "kbli_versi"),
        text(source, "skala_usaha"),
        text(source, "kd_resiko"),
        text(source, "kd_daerah"),
        text(source, "nama_perseroan"),
        text(source, "nib"),
        moment(source, "diterima"),
        status_words(obj(source, "status")),
        texts(source, "isian"),
        each(source, "dokumen", document),
        each(source, "menunggu_dokumen", plan),
        each(source, "riwayat", history),
    )


def draft_saved(source: Json, replayed: bool) -> DraftSaved:
    return DraftSaved(
        text(source, "handle"),
        text(source, "url"),
        moment(source, "sampai"),
        text(source, "record_token"),
        replayed,
    )


def draft(source: Json) -> Draft:
    return Draft(
        text(source, "handle"),
        flag(source, "tersamar"),
        text(source, "kbli"),
        text(source, "kbli_versi"),
        text(source, "skala_usaha"),
        texts(source, "isian"),
        each(source, "dokumen", plan),
        each(source, "dokumen_ada", document),
        moment(source, "sampai"),
    )


def service_queue(source: Json) -> ServiceQueue:
    return ServiceQueue(
        text(source, "id"),
        text(source, "dipanggil"),
        text(source, "loket"),
        number(source, "menunggu"),
        number(source, "perkiraan_menit"),
        each(source, "antrean", _waits) if "antrean" in source else (),
    )


def _waits(source: Json) -> tuple[str, int]:
    return text(source, "nomor"), number(source, "menit")


def queue_state(source: Json) -> QueueState:
    return QueueState(
        text(source, "dipanggil"),
        text(source, "loket"),
        number(source, "menunggu"),
        number(source, "perkiraan_menit"),
        flag(source, "buka"),
        text(source, "tutup_pukul"),
        each(source, "layanan", service_queue),
    )


def ticket(source: Json, replayed: bool = False) -> Ticket:
    return Ticket(
        text(source, "kode"),
        text(source, "nomor"),
        text(source, "sementara"),
        text(source, "layanan"),
        text(source, "loket"),
        _one_of(_TICKETS, text(source, "keadaan")),
        number(source, "di_depan"),
        number(source, "perkiraan_menit"),
        text(source, "perkiraan_pukul"),
        text(source, "url"),
        replayed,
    )


def public_status(source: Json) -> PublicStatus:
    if text(source, "jenis") == "permohonan":
        return PublicStatus(status_words(obj(source, "permohonan")), None)
    return PublicStatus(None, ticket(obj(source, "antrean")))


def help_call(source: Json) -> HelpCall:
    return HelpCall(
        text(source, "id"),
        _one_of(_HELP, text(source, "keadaan")),
        number(source, "menit"),
        moment(source, "sejak"),
    )


def events_kept(source: Json) -> EventsKept:
    return EventsKept(number(source, "diterima"), number(source, "sudah_ada"))


def anchors(source: Json) -> tuple[LodgedAnchor, ...]:
    return each(
        source,
        "jangkar",
        lambda one: LodgedAnchor(number(one, "nomor"), text(one, "segel"), moment(one, "waktu")),
    )


def plans_json(plans: tuple[DocumentPlan, ...]) -> list[Json]:
    return [{"jenis": one.kind, "halaman": one.pages} for one in plans]


def application_json(new: NewApplication) -> Json:
    return {
        "kbli": new.kbli,
        "kbli_versi": new.kbli_versi,
        "skala_usaha": new.skala_usaha,
        "kd_resiko": new.kd_resiko,
        "kd_daerah": new.kd_daerah,
        "versi_syarat": new.requirements_version,
        "nama_perseroan": new.business,
        "nib": new.nib,
        "isian": dict(new.answers),
        "dokumen": plans_json(new.documents),
        "persetujuan": {"versi": new.consent_version, "whatsapp": new.whatsapp},
        "draf": new.draft,
    }


def draft_json(new: NewDraft) -> Json:
    return {
        "kbli": new.kbli,
        "kbli_versi": new.kbli_versi,
        "skala_usaha": new.skala_usaha,
        "isian": dict(new.answers),
        "dokumen": plans_json(new.documents),
        "hp": new.phone,
        "pegangan": new.handle,
    }


def event_json(event: PortalEvent) -> Json:
    return {
        "id": event.id,
        "waktu": event.at.isoformat(),
        "kata": event.word,
        "sesi": event.session,
        "rincian": dict(event.facts),
        "segel": event.seal,
    }

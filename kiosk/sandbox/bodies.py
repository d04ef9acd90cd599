"""What a kiosk may send, checked strictly: unknown fields and wrong types are refused as 422 with their names."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from starlette.requests import Request

from kiosk.sandbox.problems import Problem

MOST_BODY = 1024 * 1024

Phone = Annotated[str, Field(pattern=r"^(0|62)8[0-9]{8,11}$")]
Handle = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]
TicketCode = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$")]
ApplicationNumber = Annotated[str, Field(pattern=r"^[A-Z]{3}-[0-9]{4}-[0-9]{4,6}-[0-9A-HJKMNP-TV-Z]{8}$")]
AnswerName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
AnswerText = Annotated[str, Field(max_length=500)]
Answers = Annotated[dict[AnswerName, AnswerText], Field(max_length=60)]
FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FactText = Annotated[str, Field(max_length=200)]
Score = Annotated[int, Field(ge=1, le=4)]
Element = Literal["U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9"]

_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", re.IGNORECASE | re.ASCII)
_LONG_NUMBER = re.compile(r"[0-9]{13,}")


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _Claim(Body):
    hp: Phone = ""


class NikClaim(_Claim):
    cara: Literal["nik"]
    nilai: Annotated[str, Field(pattern=r"^[0-9]{16}$")]


class NibClaim(_Claim):
    cara: Literal["nib"]
    nilai: Annotated[str, Field(pattern=r"^[0-9]{13}$")]


class CardClaim(_Claim):
    cara: Literal["card"]
    nilai: Annotated[str, Field(pattern=r"^[0-9a-f]{8,20}$")]


class DraftClaim(_Claim):
    cara: Literal["draft"]
    nilai: Handle


class PhoneClaim(Body):
    cara: Literal["phone"]
    nilai: Phone

    @property
    def hp(self) -> str:
        return ""


Claim = NikClaim | NibClaim | CardClaim | DraftClaim | PhoneClaim
CLAIM: TypeAdapter[Claim] = TypeAdapter(Annotated[Claim, Field(discriminator="cara")])


class Code(Body):
    kode: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class ReaderProof(Body):
    nik: Annotated[str, Field(pattern=r"^[0-9]{16}$")]
    pembaca: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    cocok_pada: str

    @field_validator("cocok_pada")
    @classmethod
    def _time(cls, value: str) -> str:
        return _moment(value)


class Plan(Body):
    jenis: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    halaman: Annotated[int, Field(ge=1, le=200)]


class Consent(Body):
    versi: Annotated[str, Field(min_length=1, max_length=40)]
    whatsapp: bool = False


class NewApplication(Body):
    kbli: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    kbli_versi: Literal["2020", "2025"]
    skala_usaha: Literal["01", "02", "03", "04"]
    kd_resiko: Literal["R", "MR", "MT", "T", ""] = ""
    kd_daerah: Annotated[str, Field(pattern=r"^([0-9]{10})?$")] = ""
    versi_syarat: Annotated[str, Field(max_length=40)] = ""
    nama_perseroan: Annotated[str, Field(max_length=200)] = ""
    nib: Annotated[str, Field(pattern=r"^([0-9]{13})?$")] = ""
    isian: Answers
    dokumen: Annotated[list[Plan], Field(max_length=40)] = []
    persetujuan: Consent
    draf: Literal[""] | Handle = ""


class NewDraft(Body):
    kbli: Annotated[str, Field(pattern=r"^([0-9]{5})?$")]
    kbli_versi: Literal["2020", "2025"] = "2025"
    skala_usaha: Literal["01", "02", "03", "04", ""] = ""
    isian: Answers
    dokumen: Annotated[list[Plan], Field(max_length=40)] = []
    hp: Literal[""] | Phone = ""
    pegangan: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{22})?$")] = ""


class Change(Body):
    isian: Answers


class NewTicket(Body):
    layanan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    prioritas: bool = False
    kode: Literal[""] | TicketCode = ""
    sementara: Annotated[str, Field(pattern=r"^([A-Z]{1,2}-?[0-9]{1,4})?$")] = ""
    diambil: str = ""

    @field_validator("diambil")
    @classmethod
    def _time(cls, value: str) -> str:
        return _moment(value) if value else ""


class Receipt(Body):
    nomor: ApplicationNumber
    saluran: Literal["sms", "whatsapp"] = "sms"


class HelpCall(Body):
    tempat: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,39}$")]
    bahasa: Literal["id", "en"] = "id"


class Anchor(Body):
    nomor: Annotated[int, Field(ge=1, le=2**53 - 1)]
    segel: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Event(Body):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,80}$")]
    waktu: str
    kata: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,59}$")]
    sesi: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    rincian: Annotated[dict[FactName, FactText], Field(max_length=20)] = {}
    segel: Annotated[str, Field(pattern=r"^[0-9a-f]{0,128}$")] = ""

    @field_validator("waktu")
    @classmethod
    def _time(cls, value: str) -> str:
        return _moment(value)

    @field_validator("rincian")
    @classmethod
    def _no_identity(cls, value: dict[str, str]) -> dict[str, str]:
        """Thirteen digits in a row are a NIB or a NIK: such an event is refused, not cleaned in silence."""
        if any(_LONG_NUMBER.search(text) for text in value.values()):
            raise ValueError("identity")
        return value


class Events(Body):
    kejadian: Annotated[list[Event], Field(min_length=1, max_length=500)]


ProfileName = Literal["jenis_kelamin", "umur", "pendidikan", "pekerjaan"]
ProfileWord = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


class Survey(Body):
    versi: Annotated[str, Field(min_length=1, max_length=40)]
    layanan: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,40}$")] = ""
    bahasa: Literal["id", "en"] = "id"
    jawaban: Annotated[dict[Element, Score], Field(min_length=1, max_length=9)]
    profil: Annotated[dict[ProfileName, ProfileWord], Field(max_length=4)] = {}


class NewArchiveDocument(Body):
    nomor: Annotated[str, Field(min_length=1, max_length=80)]
    tahun: Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}$")]
    pemegang: Annotated[str, Field(min_length=1, max_length=120)]
    kbli: Annotated[str, Field(pattern=r"^([0-9]{5})?$")] = ""
    halaman: Annotated[int, Field(ge=1, le=200)]
    ukuran: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ArchiveQuestion(Body):
    cari: Annotated[str, Field(max_length=200)] = ""
    lewati: Annotated[int, Field(ge=0, le=100000)] = 0


B = TypeVar("B", bound=Body)


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _moment(value: str) -> str:
    if not _TIME.match(value):
        raise ValueError("not an RFC 3339 time")
    datetime.fromisoformat(value.upper())
    return value.upper()


async def read_raw(request: Request, *types: str) -> Any:
    """The JSON body. 415 for another media type (when `types` are given), 413 above 1 MiB, 422 for no JSON."""
    if types and request.headers.get("content-type", "").partition(";")[0].strip().lower() not in types:
        raise Problem(415, "media-type")
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > MOST_BODY:
            raise Problem(413, "too-large")
    try:
        # To JSON 3.0 is a whole number; to Python it is not.
        return json.loads(raw, parse_float=_number)
    except (ValueError, RecursionError, OverflowError):
        raise Problem(422, "invalid") from None


async def read_body(request: Request, kind: type[B], *types: str) -> B:
    value = await read_raw(request, *(types or ("application/json",)))
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise refused(error) from None


async def read_claim(request: Request) -> Claim:
    value = await read_raw(request, "application/json")
    try:
        return CLAIM.validate_python(value, strict=True)
    except ValidationError as error:
        raise refused(error) from None


def refused(error: ValidationError) -> Problem:
    """Names of the fields only: pydantic's messages would repeat what was sent."""
    names: list[str] = []
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        parts = [str(part) for part in one["loc"] if part != "[key]"]
        # An answer of the form is named by itself, as the kiosk knows it.
        name = parts[1] if len(parts) > 1 and parts[0] == "isian" else parts[0] if parts else ""
        if name and len(name) <= 80 and name not in names:
            names.append(name)
    return Problem(422, "invalid", fields=tuple(names[:60]))

"""RFC 9457 problems: one exception, one shape."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_TITLES = {
    "device": "Perangkat tidak dikenal",
    "visit": "Hak kunjungan tidak berlaku",
    "no-right": "Tidak berhak",
    "not-found": "Tidak ditemukan",
    "expired": "Sudah lewat waktu",
    "invalid": "Isian belum benar",
    "wrong-code": "Kode salah",
    "code-expired": "Kode sudah tidak berlaku",
    "tries-spent": "Percobaan habis",
    "too-many-sends": "Terlalu sering mengirim kode",
    "too-many": "Terlalu banyak percobaan",
    "busy": "Portal sedang sibuk",
    "broken": "Portal terganggu",
}


class Problem(Exception):
    """An answer that is not a success. `fields` are names as sent, never values."""

    def __init__(
        self,
        status: int,
        word: str,
        *,
        fields: tuple[str, ...] = (),
        tries_left: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(word)
        self.status = status
        self.word = word
        self.fields = fields
        self.tries_left = tries_left
        self.headers = dict(headers or {})

    def response(self) -> Response:
        body: dict[str, object] = {
            "type": f"urn:anjungan:problem:{self.word}",
            "title": _TITLES.get(self.word, self.word),
            "status": self.status,
            "word": self.word,
        }
        if self.fields:
            body["fields"] = list(self.fields)
        if self.tries_left is not None:
            body["tries_left"] = self.tries_left
        return JSONResponse(body, self.status, headers=self.headers, media_type="application/problem+json")


async def on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this class only
    return error.response()


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Starlette's own 404 and 405, in our shape."""
    status = getattr(error, "status_code", 500)
    headers = getattr(error, "headers", None)
    word = {404: "not-found", 405: "method-not-allowed"}.get(status, "refused")
    return Problem(status, word, headers=headers).response()


async def on_crash(_request: Request, _error: Exception) -> Response:
    return Problem(500, "broken").response()

"""The desk's HTML files with their words filled in, and the files beside them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from kiosk.assets import CREST, FONTS, icon
from kiosk.desk.words import Language, say

_PAGE: Final = Path(__file__).parent / "page"
_FILES: Final = {
    "desk.css": "text/css", "desk.js": "text/javascript", "ring.js": "text/javascript",
    "hall.css": "text/css", "hall.js": "text/javascript", "crest.svg": "image/svg+xml",
}  # fmt: skip
_FONT_FILES: Final = frozenset(
    {f"PlusJakartaSans-{weight}.ttf" for weight in ("Medium", "SemiBold", "Bold", "ExtraBold")}
    | {"Phosphor-Fill.ttf", "Phosphor-Bold.ttf"}
)
LANGUAGE_COOKIE: Final = "__Host-bahasa"


def language_of(request: Request) -> Language:
    """As asked in the address, else as chosen before, else Indonesian."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return "en" if asked == "en" else "id"


def page(name: str, language: Language, status: int = 200, **own: str) -> HTMLResponse:
    """`name`.html with `{{key}}` as a text of the desk or of `own`, `{{icon:name}}` as a sign of the icon font."""
    source = (_PAGE / f"{name}.html").read_text(encoding="utf-8")
    values: Mapping[str, str] = {
        "lang": language,
        "other": "en" if language == "id" else "id",
        **own,
    }

    def value(match: re.Match[str]) -> str:
        key = match[1]
        if key.startswith("icon:"):
            return icon(key[5:])
        return html.escape(values[key] if key in values else say(language, key))

    filled = re.sub(r"\{\{([a-z_.:-]+)\}\}", value, source)
    answer = HTMLResponse(filled, status, headers={"cache-control": "no-store"})
    answer.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=365 * 86400,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    return answer


def words_for(language: Language, *keys: str) -> str:
    """Texts the page's script needs, as JSON."""
    return json.dumps({key: say(language, key) for key in keys}, ensure_ascii=False)


def icons_for(*names: str) -> str:
    return json.dumps({name: icon(name) for name in names})


async def file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FILES:
        return Response(status_code=404)
    path = CREST if name == CREST.name else _PAGE / name
    return FileResponse(path, media_type=_FILES[name], headers={"cache-control": "no-cache"})


async def font(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FONT_FILES:
        return Response(status_code=404)
    return FileResponse(FONTS / name, media_type="font/ttf", headers={"cache-control": "max-age=86400"})

"""Signing in and out. `kiosk.store.officers` checks PIN and one-time code, counted on disk before each check."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kiosk.desk.guard import address_of
from kiosk.desk.pages import language_of, page
from kiosk.desk.sessions import COOKIE, Rate, Session, Sessions
from kiosk.desk.words import Language, say
from kiosk.store.errors import StoreError
from kiosk.store.officers import Opened, Refused

_MOST_BODY: Final = 1024
_AT_ONCE: Final = 2
"""Checks at the same time: each takes 64 MB."""

Check = Callable[[str, str, str], Opened | Refused]
"""(number, PIN, code) → what `Officers.open` says. Blocking; raises `StoreError`."""


class Doors:
    def __init__(self, sessions: Sessions, check: Check, rate: Rate | None = None) -> None:
        self._sessions = sessions
        self._check = check
        self._rate = rate or Rate()
        self._room = asyncio.Semaphore(_AT_ONCE)

    def who(self, request: Request) -> Session | None:
        return self._sessions.find(request.cookies.get(COOKIE, ""))

    async def show(self, request: Request) -> Response:
        if self.who(request) is not None:
            return RedirectResponse("/", 303)
        again = "login.again" if "lagi" in request.query_params else ""
        language = language_of(request)
        return self._form(language, say(language, again) if again else "")

    async def enter(self, request: Request) -> Response:
        language = language_of(request)
        if int(request.headers.get("content-length") or _MOST_BODY + 1) > _MOST_BODY:
            return self._form(language, "", 413)
        wait = self._rate.wait(address_of(request))
        if wait:
            return self._form(language, say(language, "login.wait", seconds=int(wait) + 1), 429, wait)
        async with request.form(max_files=0, max_fields=4) as form:
            number, pin, code = (str(form.get(name, ""))[:12].strip() for name in ("number", "pin", "code"))
        try:
            async with self._room:
                told = await asyncio.to_thread(self._check, number, pin, code)
        except StoreError:
            return self._form(language, say(language, "login.store"), 503)
        if isinstance(told, Refused):
            return self._refused(language, told)
        officer = told.officer
        secret, _ = self._sessions.begin(officer.number, officer.name, officer.role.value)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    async def leave(self, request: Request) -> Response:
        self._sessions.end(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/masuk", 303)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    def _refused(self, language: Language, told: Refused) -> Response:
        match told.word:
            case "wait":
                text = say(language, "login.wait", seconds=int(told.seconds) + 1)
            case "wrong" if told.seconds > 0:
                text = say(language, "login.wait", seconds=int(told.seconds) + 1)
            case "wrong":
                text = say(language, "login.wrong", left=told.left)
            case "role":
                text = say(language, "login.role_no")
            case word:
                text = say(language, f"login.{word}")
        return self._form(language, text, 429 if told.word == "wait" else 403, told.seconds)

    def _form(self, language: Language, text: str, status: int = 200, wait: float = 0.0) -> Response:
        answer = page("login", language, status, trouble=text)
        if wait:
            answer.headers["retry-after"] = str(int(wait) + 1)
        return answer

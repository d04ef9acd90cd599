"""Words that leave for paper and phones: in the visitor's language, at the address phones reach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.effects.counters import _ticket
from kiosk.effects.drafts import handle_in
from kiosk.effects.tools import Tools
from kiosk.flow.orders import PrintTicket
from kiosk.settings import Settings
from kiosk.tickets import ApplicationReceipt


@pytest.mark.parametrize(
    ("language", "headline"), [("id", "Menunggu Dinas"), ("en", "Waiting for the agency")]
)
def test_a_status_on_paper_is_in_the_visitors_language(language: str, headline: str):
    about = (
        ("number", "MKM-2026-0001-AAAA1111"),
        ("headline_id", "Menunggu Dinas"),
        ("headline_en", "Waiting for the agency"),
        ("day", "5/7"),
    )
    ticket = _ticket(Tools(Settings(), "run"), PrintTicket("receipt", about, "key"), language)
    assert isinstance(ticket, ApplicationReceipt)
    assert ticket.headline == headline


@pytest.mark.parametrize(("language", "at"), [("id", "09.24"), ("en", "09:24")])
def test_an_hour_on_paper_is_written_as_the_language_writes_it(language: str, at: str):
    ticket = _ticket(
        Tools(Settings(), "run"),
        PrintTicket("receipt", (("number", "MKM-1"), ("at", "09.24")), "key"),
        language,
    )
    assert isinstance(ticket, ApplicationReceipt)
    assert ticket.sent_at == at


def test_links_bear_the_address_that_phones_reach():
    settings = Settings()
    inside = Tools(settings, "run")
    assert inside.public_link("/q/X") == f"{settings.portal.url}/q/X"
    portal = replace(settings.portal, url="http://10.0.0.5:8480", public_url="https://izin.contoh.invalid/")
    outside = Tools(replace(settings, portal=portal), "run")
    assert outside.public_link("/q/X") == "https://izin.contoh.invalid/q/X"
    for host in ("http://10.0.0.5:8480", "https://izin.contoh.invalid"):
        assert handle_in(f"{host}/d/{'A' * 22}", portal.url, portal.public_url) == "A" * 22
    assert handle_in(f"https://lain.invalid/d/{'A' * 22}", portal.url, portal.public_url) == ""
    assert handle_in(f"https:///d/{'A' * 22}", portal.url, "") == ""

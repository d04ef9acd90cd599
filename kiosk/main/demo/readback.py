"""What the demo can show for itself: the application as the portal has it, its PDF, and the printed ticket."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from kiosk.main.demo.host import Host


def read_back(host: Host, folder: Path, seconds: float) -> tuple[dict[str, Any], int]:
    """The newest application at the practice portal and how many of its pages arrived.

    Waits up to `seconds` for the uploads, which a worker carries after the visit. Each document is written to `folder`
    as PDF, and its pages are counted in that PDF.
    """
    import pikepdf

    sandbox = host.portal.sandbox
    until = time.monotonic() + seconds
    record, documents = _newest(host)
    while len(documents) < len(record["dokumen"]) and time.monotonic() < until:
        time.sleep(0.2)
        record, documents = _newest(host)
    pages = 0
    for document in documents:
        path = folder / f"{document['jenis']}.pdf"
        path.write_bytes(sandbox.document_path(document["id"]).read_bytes())
        with pikepdf.open(path) as pdf:
            pages += len(pdf.pages)
    record["berkas_diterima"] = [
        {"jenis": document["jenis"], "ukuran": document["ukuran"], "halaman": document["halaman"]}
        for document in documents
    ]
    return record, pages


def _newest(host: Host) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    sandbox = host.portal.sandbox
    with sandbox.lock:
        row = sandbox.tables.all("applications", "1 = 1", order="diterima")[-1]
        documents = sandbox.documents_of(row["nomor"])
    hidden = ("subject", "session", "device")
    record: dict[str, Any] = {name: value for name, value in row.items() if name not in hidden}
    for name in ("isian", "dokumen", "persetujuan"):
        record[name] = cast("object", json.loads(record[name]))
    return record, documents


def save_ticket(host: Host, folder: Path) -> str:
    """The queue ticket as the simulated printer printed it (`ticket.png`), and its number as the portal gave it.

    "" when the last thing the printer reported was no printed ticket.
    """
    printed = [noted.happening.picture for noted in host.world.happenings() if noted.happening.picture]
    if not printed:
        return ""
    (folder / "ticket.png").write_bytes(printed[-1])
    sandbox = host.portal.sandbox
    with sandbox.lock:
        return str(sandbox.tables.all("tickets", "1 = 1", order="rowid")[-1]["nomor"])

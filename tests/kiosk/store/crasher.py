"""Prints and files without end until it is killed; says on stdout what has been committed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.settings import from_json
from kiosk.store import Store


def main() -> None:
    settings = from_json(sys.argv[1])
    paper = os.open(Path(sys.argv[2]), os.O_WRONLY | os.O_APPEND)
    store = Store.open(settings, sys.argv[3])
    while True:
        job = store.spool.add("ticket", b"ticket")
        print("spool", job, flush=True)
        assert store.spool.begin(job)
        os.write(paper, f"{job}\n".encode())
        store.spool.finish(job, "printed")
        print("printed", job, flush=True)
        print("outbox", store.outbox.add("document", os.urandom(20_000)), flush=True)


if __name__ == "__main__":
    main()

"""A process of half a second that makes the store ready, so that the keeper need not import what that takes.

Started by the keeper after the first picture; exit code 0 ready, 1 not usable (the reason is on stderr).
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from kiosk.main.children import hired
from kiosk.settings import SecretTroubleError, from_json
from kiosk.store import StoreError
from kiosk.store.archive import purge
from kiosk.store.ensure import prepared, tidy


def main(argv: Sequence[str] | None = None) -> int:
    _, work = hired(argv)
    if work is None:
        return 1
    settings = from_json(work.settings)
    try:
        connection = prepared(settings)
        tidy(settings, connection, work.run, time.time())
        connection.close()
        purge(settings, time.time())
    except (StoreError, SecretTroubleError, OSError) as error:
        os.write(2, f"store: {type(error).__name__}: {error}\n".encode())
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

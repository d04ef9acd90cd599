"""`python -m kiosk.settings [FILE]`: check the settings, remember them and print them as one line of JSON.

Exit code 2 and one line per wrong setting on stderr when they cannot be used.
"""

from __future__ import annotations

import sys

from kiosk.settings.codec import to_json
from kiosk.settings.load import load
from kiosk.settings.resolve import SettingsError, remember, settings_path


def main(argv: list[str]) -> int:
    path = settings_path(argv[0] if argv else None)
    try:
        settings = load(path)
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    remember(settings, path)
    print(to_json(settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

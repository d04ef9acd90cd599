"""`kiosk officer`: who may open the assisted mode, the desk page and the archive.

Secrets are asked for, never arguments.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.identity.officers import Officer
    from kiosk.settings import Settings

_PIN_WORDS = {
    "digits": "a PIN has digits only",
    "length": "a PIN has 6 to 12 digits",
    "simple": "that PIN is among the first that are tried; choose another",
    "differ": "the two entries differ",
}

_CARD_SECONDS = 10.0
"""How long `--card` waits for a card to be laid down."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")
    parts = parser.add_subparsers(
        dest="part", required=True, metavar="add | list | lock | open | forgive | remove"
    )
    fresh = parts.add_parser("add", help="add an officer, or replace the one with that number")
    fresh.add_argument("number", help="2 to 4 digits the officer types to say who they are")
    fresh.add_argument("--name", required=True, help="as colleagues say it; shown on the officer's half only")
    fresh.add_argument("--role", choices=("officer", "supervisor", "it"), default="officer")
    fresh.add_argument("--counter", default="", help="e.g. 'Loket 2'")
    fresh.add_argument("--code", action="store_true", help="with a one-time code; prints its address once")
    fresh.add_argument("--card", action="store_true", help="with the officer card that is on the reader now")
    fresh.add_argument("--card-key", metavar="HEX", default="", help="the card's public key instead")
    fresh.add_argument(
        "--pin-stdin", action="store_true", help="read the PIN from standard input, not the terminal"
    )
    parts.add_parser("list", help="list them; no secret is shown")
    for name, text in (
        ("lock", "nothing opens for this officer any more"),
        ("open", "undo lock"),
        ("forgive", "count wrong PINs anew for this officer"),
        ("remove", "take the officer out of the file"),
    ):
        parts.add_parser(name, help=text).add_argument("number")


def run(args: argparse.Namespace) -> int:
    """Exit code 0, 1 when it was refused, 2 when settings, file or store could not be used."""
    from kiosk.identity.officers import OfficersError
    from kiosk.settings import SecretTroubleError, SettingsError, settings_path
    from kiosk.settings.load import load
    from kiosk.store import StoreError

    try:
        settings = load(settings_path(args.settings))
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    try:
        return _PARTS[args.part](settings, args)
    except (OfficersError, SecretTroubleError, StoreError, OSError) as error:
        print(f"kiosk officer: {error}", file=sys.stderr)
        return 2


def _add(settings: Settings, args: argparse.Namespace) -> int:
    from kiosk.identity.officers import NUMBER, Officer, Role, with_officer
    from kiosk.identity.one_time import SECRET_BYTES, address, secret_text
    from kiosk.main.pipe import new_name
    from kiosk.store.officers import hash_pin, keep_officers, known_officers

    if NUMBER.fullmatch(args.number) is None:
        return _refuse("the number has 2 to 4 digits")
    if not (args.code or args.card or args.card_key):
        return _refuse("a PIN alone opens nothing: add --code, --card or --card-key")
    known = known_officers(settings)
    card = bytes.fromhex(args.card_key) if args.card_key else b""
    if args.card:
        card = _card_on_reader(settings)
        if not card:
            return 1
    pin, doubt = _new_pin(from_stdin=args.pin_stdin)
    if doubt:
        return _refuse(_PIN_WORDS[doubt])
    secret = secret_text(os.urandom(SECRET_BYTES)) if args.code else ""
    earlier = next((one for one in known if one.number == args.number), None)
    officer = Officer(
        number=args.number,
        alias=earlier.alias if earlier is not None else new_name()[:8],
        name=args.name,
        role=Role(args.role),
        counter=args.counter,
        pin=hash_pin(pin),
        card=card,
        code=secret,
    )
    keep_officers(settings, with_officer(known, officer))
    print(f"{'replaced' if earlier is not None else 'added'}: {_line(officer)}")
    if secret:
        print("for the officer's authenticator app, shown this once:")
        print(address(secret, args.number, settings.kiosk.office))
    return 0


def _new_pin(*, from_stdin: bool) -> tuple[str, str]:
    """(PIN, why it is refused)."""
    from kiosk.identity.officers import pin_doubt

    if from_stdin:
        pin = sys.stdin.readline().strip()
        return pin, pin_doubt(pin)
    from getpass import getpass

    pin = getpass("New PIN: ")
    doubt = pin_doubt(pin)
    if not doubt and getpass("Again: ") != pin:
        doubt = "differ"
    return pin, doubt


def _card_on_reader(settings: Settings) -> bytes:
    """Public key of the card that lies there, after it has signed a challenge with it; b"" with the reason printed."""
    import asyncio

    from hardware.card.port import CardFault, CardTrouble
    from kiosk.identity.card_proof import believed
    from kiosk.main.devices import card

    if settings.devices.card.kind != "real":
        _refuse("a card is enrolled on a real reader: set devices.card.kind, or give --card-key")
        return b""
    reader = card(settings, None)
    assert reader is not None  # noqa: S101 -- kind is real
    challenge = os.urandom(32)

    async def ask() -> bytes:
        await reader.open()
        try:
            proof = await reader.sign(challenge)
            until = time.monotonic() + _CARD_SECONDS
            while isinstance(proof, CardFault) and proof.trouble is CardTrouble.NO_CARD:
                if time.monotonic() > until:
                    break
                await asyncio.sleep(0.2)
                proof = await reader.sign(challenge)
        finally:
            await reader.close()
        if isinstance(proof, CardFault):
            _refuse(f"no officer card could be read: {proof.trouble.value}")
            return b""
        if not believed(proof.point, challenge, proof.signature):
            _refuse("the card's signature does not fit the key it shows")
            return b""
        return proof.point

    return asyncio.run(ask())


def _list(settings: Settings, _args: argparse.Namespace) -> int:
    from kiosk.store.officers import known_officers, officers_file

    officers = known_officers(settings)
    if not officers:
        print(
            f"no officers in {officers_file(settings)}; add one: kiosk officer add 07 --name 'Bu Sari' --code"
        )
    for officer in officers:
        print(_line(officer))
    return 0


def _lock(settings: Settings, args: argparse.Namespace) -> int:
    from kiosk.identity.officers import set_locked
    from kiosk.store.officers import keep_officers, known_officers

    keep_officers(settings, set_locked(known_officers(settings), args.number, args.part == "lock"))
    return _list(settings, args)


def _remove(settings: Settings, args: argparse.Namespace) -> int:
    from kiosk.store.officers import keep_officers, known_officers

    known = known_officers(settings)
    rest = [one for one in known if one.number != args.number]
    if len(rest) == len(known):
        return _refuse(f"no officer {args.number}")
    keep_officers(settings, rest)
    return _list(settings, args)


def _forgive(settings: Settings, args: argparse.Namespace) -> int:
    from kiosk.store import Store
    from kiosk.store.officers import known_officers

    if all(one.number != args.number for one in known_officers(settings)):
        return _refuse(f"no officer {args.number}")
    store = Store.open(settings)
    try:
        store.officers.forgive(args.number)
    finally:
        store.close()
    print(f"officer {args.number}: wrong PINs are counted anew")
    return 0


def _line(officer: Officer) -> str:
    proofs = " + ".join(word for word, there in (("card", officer.card), ("code", officer.code)) if there)
    state = "LOCKED" if officer.locked else "open"
    return (
        f"{officer.number:<5}{officer.role.value:<11}{state:<8}{proofs:<12}{officer.alias}  {officer.name}"
        + (f", {officer.counter}" if officer.counter else "")
    )


def _refuse(why: str) -> int:
    print(f"kiosk officer: {why}", file=sys.stderr)
    return 1


_PARTS = {
    "add": _add,
    "list": _list,
    "lock": _lock,
    "open": _lock,
    "forgive": _forgive,
    "remove": _remove,
}

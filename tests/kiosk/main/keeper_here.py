"""Runs the real keeper with the fake visit, the way `kiosk run` does; started by the tests as a process of its own."""

from kiosk.main.spawn import first_visit, python

if __name__ == "__main__":
    command = python("tests.kiosk.main.fake_visit")
    started = first_visit(command)
    from kiosk.main.keeper import main

    raise SystemExit(main(command=command, started=started))

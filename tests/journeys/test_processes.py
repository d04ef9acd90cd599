"""The process model on the real kiosk: a visit is forgotten, its death is survived, nothing is left behind.

Every test runs `kiosk run` with its keeper, visits and workers on an X server of its own, against the practice portal
over loopback HTTP, and touches it through the X server.
"""

from __future__ import annotations

import os
import secrets
import signal
import string
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.bench.bench_screen import Eye
from tests.journeys.onlooker import watch_change
from tests.journeys.real_kiosk import RealKiosk, alive, real_kiosk, server_of
from tests.kiosk.memory_scan import found_in_memory

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.real


@pytest.fixture
def kiosk() -> Generator[RealKiosk]:
    with real_kiosk() as one:
        one.ready()
        try:
            yield one
        finally:
            print(one.log())  # shown beside a failure


def written_forms(text: str) -> dict[bytes, str]:
    """How `text` can lie in memory or a file: bytes and Python's three widths of string (PEP 393)."""
    return {text.encode(code): f"{text[:4]}… as {code}" for code in ("utf-8", "utf-16-le", "utf-32-le")}


def held_by(pid: int, *texts: str) -> set[str]:
    """Which of the texts lie in a living process, and in which form."""
    forms = {needle: name for text in texts for needle, name in written_forms(text).items()}
    try:
        return {forms[needle] for needle, count in found_in_memory(pid, *forms).items() if count}
    except (FileNotFoundError, ProcessLookupError):
        return set()


def files_with(texts: tuple[str, ...], since: float, *, but: Path) -> list[Path]:
    """Files written since `since` that hold a text, wherever the kiosk could have put one (its HOME is in /tmp)."""
    needles = [needle for text in texts for needle in written_forms(text)]
    places = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), ROOT / "build")
    found: list[Path] = []
    for place in places:
        for folder, folders, names in os.walk(place):
            # What belongs to other programs of this machine is not the kiosk's: repositories, environments.
            folders[:] = [one for one in folders if one not in (".git", ".venv", "node_modules", "cache")]
            for name in names:
                file = Path(folder, name)
                if file.is_relative_to(but) or not file.is_file() or file.is_symlink():
                    continue
                try:
                    if file.stat().st_mtime >= since and any(n in file.read_bytes() for n in needles):
                        found.append(file)
                except OSError:
                    continue
    return found


def test_a_visit_is_forgotten_by_every_process_and_every_file(kiosk: RealKiosk) -> None:
    began = time.time()
    sandbox = kiosk.host.portal.sandbox
    nik = f"997102150390{secrets.randbelow(9000) + 1000}"
    sandbox.tables.change("people", sandbox.tables.all("people")[0]["id"], nik=nik)
    answer = "".join(secrets.choice(string.ascii_lowercase) for _ in range(14))
    # What the keyboard makes a capital of is not searched for.
    planted = (nik, answer[1:])
    held: list[str] = []
    shown, following = kiosk.visits()
    # The scan can see: the visit in which both are typed holds them while they are needed.
    kiosk.by_nik(nik, typed=lambda: held.extend(held_by(shown, nik)))
    assert held
    kiosk.to_form()
    kiosk.type_text(answer)
    assert held_by(shown, answer[1:])
    session = kiosk.leave()
    kiosk.next_visit(session)
    kiosk.until("the end of the ended visit", lambda: not alive(shown))
    kiosk.until("another warm visit", lambda: len(kiosk.visits()) == 2)
    assert kiosk.visits()[0] == following
    living = kiosk.processes()
    assert kiosk.keeper.pid in living
    assert len(living) >= 3
    x_server = server_of(kiosk.display)
    assert {pid: held_by(pid, *planted) for pid in (*living, x_server)} == {
        pid: set() for pid in (*living, x_server)
    }
    portal = Path(sandbox.settings.data_dir)
    assert files_with(planted, began, but=portal) == []
    # The scan of files can see, too.
    seen = kiosk.folder / "tmp" / "control"
    seen.write_text(answer)
    assert files_with(planted, began, but=portal) == [seen]
    assert nik not in kiosk.log()


def shows_nothing_of(kiosk: RealKiosk, dead: int, session: str, *texts: str) -> None:
    """The next visit stands at its welcome screen, in a process of its own that never knew the texts."""
    seen = kiosk.finger.wait(
        "the next visit", lambda state: state["session"] not in ("", session) and state["place"] == "welcome"
    )
    assert seen["dialog"] == ""
    kiosk.until("the end of the process", lambda: not alive(dead))
    shown = kiosk.visits()[0]
    assert shown != dead
    assert held_by(shown, *texts) == set()


def test_a_killed_visit_is_followed_by_one_that_knows_nothing(kiosk: RealKiosk) -> None:
    answer = "".join(secrets.choice(string.ascii_lowercase) for _ in range(14))
    kiosk.no_identity()
    kiosk.to_form()
    kiosk.type_text(answer)
    shown, following = kiosk.visits()
    session = kiosk.finger.look()["session"]
    assert held_by(shown, answer[1:])
    os.kill(shown, signal.SIGKILL)
    shows_nothing_of(kiosk, shown, session, answer[1:])
    assert kiosk.visits()[0] == following
    assert "crashed while shown, code -9" in kiosk.log()
    # It serves: the next visitor comes as far as the menu.
    kiosk.no_identity()


def test_a_visit_that_hangs_is_replaced(kiosk: RealKiosk) -> None:
    kiosk.no_identity()
    session = kiosk.finger.look()["session"]
    shown, following = kiosk.visits()
    os.kill(shown, signal.SIGSTOP)
    kiosk.until("the end of the silent visit", lambda: not alive(shown))
    shows_nothing_of(kiosk, shown, session)
    assert kiosk.visits()[0] == following
    assert "visit is silent; killed" in kiosk.log()


def test_a_hanging_warm_visit_is_replaced_unseen(kiosk: RealKiosk) -> None:
    session = kiosk.finger.look()["session"]
    shown, warm = kiosk.visits()
    os.kill(warm, signal.SIGSTOP)
    kiosk.until("the end of the silent visit", lambda: not alive(warm))
    kiosk.until("another warm visit", lambda: len(kiosk.visits()) == 2)
    assert kiosk.visits()[0] == shown
    assert kiosk.finger.look()["session"] == session


def test_the_keeper_ends_in_order(kiosk: RealKiosk) -> None:
    kiosk.no_identity()
    ours = kiosk.processes()
    assert len(ours) >= 3
    os.kill(kiosk.keeper.pid, signal.SIGTERM)
    assert kiosk.keeper.wait(10) == 0
    assert [pid for pid in ours if alive(pid)] == []
    assert "Traceback" not in kiosk.log()
    # Nothing but its log, its settings and its store is left: no temporary folder, no socket of the visit.
    assert [one for one in (kiosk.folder / "run" / "anjungan").iterdir() if one.name.startswith("tmp-")] == []
    assert list((kiosk.folder / "tmp").rglob("*")) == [] or not any(
        one.is_file() for one in (kiosk.folder / "tmp").rglob("*")
    )


def test_visits_die_with_a_keeper_that_is_killed(kiosk: RealKiosk) -> None:
    ours = kiosk.processes()
    os.kill(kiosk.keeper.pid, signal.SIGKILL)
    kiosk.keeper.wait(10)
    kiosk.until("the end of its visits", lambda: not any(alive(pid) for pid in ours), 5)


def test_one_visit_after_the_other_without_a_black_frame(kiosk: RealKiosk) -> None:
    """Pixels are read from outside, as fast as the X server answers: each picture is the old or the new one."""
    for _ in range(4):
        kiosk.no_identity()
        session = kiosk.leave()
        time.sleep(1.0)
        change = watch_change(Eye(kiosk.display), *kiosk.place_of("Forward()"))
        kiosk.finger.wait("the next visit", lambda state, old=session: state["session"] != old)
        assert change.dark == 0, change
        assert change.strange == 0, change
        if change.pictures > 100:
            return
        # The onlooker was kept from looking (a busy machine): what it missed proves nothing, so it looks once more.
    pytest.fail("never looked closely enough to tell")

"""The keeper as a real process, with small real processes in place of visits."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import psutil

from tests.kiosk.main.conftest import KeeperUnderTest


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_one_is_shown_and_the_next_is_warm(keeper: KeeperUnderTest) -> None:
    keeper.start()
    keeper.wait(lambda: keeper.words().count("warm") == 2)
    assert keeper.words().count("shown") == 1
    time.sleep(0.5)
    assert keeper.words().count("start") == 2, "no third process"
    assert keeper.stop() == 0
    assert not [pid for _, pid, _ in keeper.said() if _alive(pid)]


def test_the_next_is_on_screen_before_the_ended_one_goes(keeper: KeeperUnderTest) -> None:
    keeper.order("end")
    keeper.start()
    keeper.wait(lambda: keeper.words().count("shown") == 1)
    keeper.wait(lambda: "quit" in keeper.words())
    first = keeper.said()[0][1]
    said = keeper.said()
    second = next(pid for _, pid, word in said if word == "warm" and pid != first)
    order = [(pid, word) for _, pid, word in said if word in ("ended", "shown", "quit")]
    # The fake ends as soon as it may, even with no warm visit behind it: shown, ended, next shown, then told to quit.
    assert order.index((first, "ended")) < order.index((second, "shown")) < order.index((first, "quit"))
    keeper.wait(lambda: not _alive(first))
    keeper.wait(lambda: keeper.words().count("warm") == 3)
    assert keeper.stop() == 0


def test_an_ended_visit_that_will_not_go_is_killed(keeper: KeeperUnderTest) -> None:
    keeper.order("end", "deaf")
    keeper.start()
    keeper.wait(lambda: "quit" in keeper.words())
    first = keeper.said()[0][1]
    keeper.wait(lambda: not _alive(first), 5)
    keeper.stop()


def test_a_hung_screen_is_replaced(keeper: KeeperUnderTest) -> None:
    keeper.order("hang")
    keeper.start()
    keeper.wait(lambda: keeper.words().count("shown") == 2)
    first = next(pid for _, pid, word in keeper.said() if word == "shown")
    assert not _alive(first)
    keeper.stop()
    assert "is silent; killed" in keeper.errors


def test_a_crash_shows_the_next_and_a_crash_loop_rests(keeper: KeeperUnderTest) -> None:
    keeper.order("die_shown")
    keeper.start(KIOSK__KEEPER__CRASH_LIMIT="2", KIOSK__KEEPER__REST_FIRST="1.5")
    keeper.wait(lambda: keeper.words().count("show") == 2)
    keeper.order()
    keeper.wait(lambda: "rest" in keeper.words())
    resting = next(pid for _, pid, word in keeper.said() if word == "rest")
    # After the pause the same process is told to serve again: no restart, no black screen.
    keeper.wait(lambda: [word for _, pid, word in keeper.said() if pid == resting][-1] == "show")
    keeper.stop()
    assert "rest" in keeper.errors


def test_visits_that_cannot_start_do_not_burn_the_processor(keeper: KeeperUnderTest) -> None:
    keeper.order("die_warm")
    keeper.start(KIOSK__KEEPER__CRASH_LIMIT="3", KIOSK__KEEPER__REST_FIRST="30")
    keeper.wait(lambda: keeper.words().count("start") == 3)
    time.sleep(1.0)
    assert keeper.words().count("start") == 3
    assert keeper.stop() == 0


def test_orderly_end_on_ctrl_c_even_with_a_deaf_visit(keeper: KeeperUnderTest) -> None:
    keeper.order("deaf")
    keeper.start()
    keeper.wait(lambda: keeper.words().count("warm") == 2)
    assert keeper.stop(signal.SIGINT) == 0
    assert not [pid for _, pid, _ in keeper.said() if _alive(pid)]
    assert not list((keeper.folder / "run").glob("**/tmp-*"))


def test_when_the_keeper_is_killed_visits_leave_by_themselves(keeper: KeeperUnderTest) -> None:
    keeper.start()
    keeper.wait(lambda: keeper.words().count("warm") == 2)
    keeper.stop(signal.SIGKILL)
    keeper.wait(lambda: keeper.words().count("keeper gone") == 2)


def test_wrong_settings_end_it_at_once(keeper: KeeperUnderTest) -> None:
    keeper.start(KIOSK__WINDOW__WIDE="1")
    assert keeper.process is not None
    keeper.process.wait(20)
    assert keeper.stop() == 2
    assert "window.wide: no such setting" in keeper.errors


def test_new_settings_reach_the_next_visit(keeper: KeeperUnderTest) -> None:
    keeper.start()
    keeper.wait(lambda: keeper.words().count("warm") == 2)
    assert keeper.process is not None
    keeper.process.send_signal(signal.SIGHUP)
    keeper.wait(lambda: keeper.words().count("warm") == 3)
    assert keeper.words().count("shown") == 1, "the visitor on screen is left alone"
    assert keeper.stop() == 0


def test_systemd_hears_ready_after_the_first_picture(keeper: KeeperUnderTest, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(10)
        keeper.start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="400000")
        heard = [ear.recv(200).decode()]
        assert "shown" in keeper.words()
        while "WATCHDOG=1" not in heard:
            heard.append(ear.recv(200).decode())
        assert heard[0] == "READY=1"
        keeper.stop()
        ear.settimeout(1)
        while heard[-1] != "STOPPING=1":
            heard.append(ear.recv(200).decode())


def test_no_core_dumps_and_private_temporary_files(keeper: KeeperUnderTest) -> None:
    keeper.start()
    keeper.wait(lambda: keeper.words().count("warm") == 2)
    pids = {pid for _, pid, _ in keeper.said()} | {keeper.process.pid if keeper.process else 0}
    for pid in pids:
        core = next(row for row in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in row)
        assert core.split()[4:6] == ["0", "0"]
    visit = keeper.said()[0][1]
    environ = Path(f"/proc/{visit}/environ").read_bytes().split(b"\0")
    temporary = next(item.split(b"=", 1)[1] for item in environ if item.startswith(b"TMPDIR="))
    assert Path(os.fsdecode(temporary)).stat().st_mode & 0o077 == 0
    keeper.stop()

"""The table across real processes, over a real socket: also when the holder is killed and comes back."""

from __future__ import annotations

import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.world import Happening, LinkedWorld, MemoryWorld, WorldServer, WorldState

_HOLDER = """
import sys
from hardware.world import MemoryWorld, WorldServer
world = MemoryWorld()
server = WorldServer(world, sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    device, field, value = line.split()
    world.change(device, **{field: value == "True"})
"""

_DRIVER = """
import sys
from hardware.world import Happening, LinkedWorld
with LinkedWorld(sys.argv[1]) as world:
    world.change("printer", hanging=True)
    world.report(Happening("printer.ticket", 41.5, bytes(range(256)) * 1200))
    print(world.state.printer.hanging, world.state.card.insertion, flush=True)
    sys.stdin.readline()
"""


def until(look: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not look():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def address(tmp_path: Path) -> Path:
    return tmp_path / "world"


def program(source: str, address: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", source, str(address)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def holder(address: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = program(_HOLDER, address)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_driver_in_another_process_sees_and_changes_the_table(address: Path) -> None:
    world = MemoryWorld()
    world.change("card", present=True)
    with WorldServer(world, address):
        driver = program(_DRIVER, address)
        try:
            assert driver.stdout is not None
            assert driver.stdout.readline() == "True 1\n"
            until(lambda: any(n.happening.picture for n in world.happenings()))
            told = world.happenings()[-1].happening
            assert (told.word, told.took_ms, len(told.picture)) == ("printer.ticket", 41.5, 256 * 1200)
            assert world.state.printer.hanging
        finally:
            driver.communicate("\n", timeout=10)
        assert driver.returncode == 0


def test_a_killed_holder_is_an_unplugged_table_until_it_is_back(
    address: Path, holder: Callable[[], subprocess.Popen[str]]
) -> None:
    first = holder()
    with LinkedWorld(address, retry=0.02) as world:
        states: list[WorldState] = []
        world.follow(states.append)
        assert world.state == WorldState()
        assert first.stdin is not None
        first.stdin.write("card present True\n")
        first.stdin.flush()
        until(lambda: world.state.card.present)
        first.send_signal(signal.SIGKILL)
        first.wait()
        until(lambda: not world.state.card.plugged)
        assert not world.state.camera.plugged
        assert not world.state.printer.plugged
        assert not world.connected
        assert not world.change("card", present=True).card.plugged  # dropped: nobody holds the table
        world.report(Happening("card.read"))
        holder()  # replaces the socket file the killed one left
        until(lambda: world.state.card.plugged)
        assert not world.state.card.present
        assert [state.card.plugged for state in states] == [True, False, True]
    assert address.is_socket()


def test_without_a_holder_everything_is_unplugged_at_once(address: Path) -> None:
    with LinkedWorld(address, retry=0.02) as world:
        assert not world.state.card.plugged
        with WorldServer(MemoryWorld(), address):
            until(lambda: world.state.card.plugged)
    assert not address.exists()


def test_followers_see_every_change_in_order(address: Path) -> None:
    table = MemoryWorld()
    with WorldServer(table, address), LinkedWorld(address) as world:
        seen: list[int] = []
        world.follow(lambda state: seen.append(state.card.insertion))
        for _ in range(300):
            table.change("card", present=True)
        until(lambda: len(seen) == 300)
        assert seen == list(range(1, 301))


def test_a_listener_may_change_the_table_without_locking_up(address: Path) -> None:
    table = MemoryWorld()
    with WorldServer(table, address), LinkedWorld(address) as world:

        def lifts(state: WorldState) -> None:
            if state.card.present:
                world.change("card", present=False)

        world.follow(lifts)
        table.change("card", present=True)
        until(lambda: not table.state.card.present)
        until(lambda: not world.state.card.present)


def test_wrong_values_are_refused_on_both_sides(address: Path) -> None:
    table = MemoryWorld()
    with WorldServer(table, address), LinkedWorld(address) as world:
        with pytest.raises(ValueError):
            world.change("card", kind="passport")
        with pytest.raises(ValueError):
            world.report(Happening("Budi"))
        for garbage in (
            b"\xff\xfe\n",
            b"[]\n",
            b'{"change":"x"}\n',
            b'{"report":"Budi"}\n',
            b"[" * 50_000 + b"\n",
        ):
            with socket.socket(socket.AF_UNIX) as stranger:
                stranger.settimeout(5)
                stranger.connect(str(address))
                stranger.sendall(garbage)
                with stranger.makefile("rb") as lines:
                    assert lines.readline().startswith(b'{"state"')
                    assert lines.readline() == b""  # cut off
        assert table.happenings() == ()
        assert world.change("card", present=True).card.insertion == 1  # the others go on


def test_the_socket_is_for_the_same_user_only_and_for_one_holder(address: Path) -> None:
    with WorldServer(MemoryWorld(), address):
        assert stat.S_IMODE(address.stat().st_mode) == 0o600
        with pytest.raises(OSError):
            WorldServer(MemoryWorld(), address)
        assert address.is_socket()
    with pytest.raises(ValueError):
        LinkedWorld("/tmp/" + "a" * 120)


def test_a_file_that_is_no_socket_is_left_alone(address: Path) -> None:
    address.write_text("keep")
    with pytest.raises(OSError):
        WorldServer(MemoryWorld(), address)
    assert address.read_text() == "keep"

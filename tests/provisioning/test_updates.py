# pyright: reportPrivateImportUsage=false
"""What a kiosk accepts, refuses, and survives: signed state, bounded tries, disk, settings, swap and proof."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Timestamp

from provisioning.agent.source import Source
from provisioning.errors import FleetError
from provisioning.release import Manifest, build
from provisioning.repository import Repository, load_signer, sign_with
from provisioning.simulation import Kiosk, issue, make_kiosk
from provisioning.waves import Desired, Rollout, Wave

from .conftest import Fleet, publish


def want(fleet: Fleet, version: str, **changes: object) -> None:
    """Ask every kiosk for `version`, without waves."""
    wave = Wave("canary", "f" * 16, opened="2026-11-24T02:00:00+00:00")
    rollout = replace(Rollout(version, "s", wave.opened, (wave,)), **changes)  # type: ignore[arg-type]
    document = json.dumps(Desired(1, "", (rollout,)).to_plain()).encode()
    fleet.repository.put_desired({"desired/rollout.json": document})


@pytest.fixture
def kiosk(served: Fleet, tmp_path: Path) -> Kiosk:
    identity = issue(served.home, served.book, "K-01", tmp_path / "K-01/identity")
    return make_kiosk(served.home, served.plan, identity, served.url, bad=set())


def source(fleet: Fleet, tmp_path: Path) -> Source:
    return Source(fleet.url, tmp_path / "tuf", tmp_path / "cache", fleet.repository.root_bytes(), pause=0.01)


def edit(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    values = json.loads(path.read_text())
    change(values["signed"])
    path.write_text(json.dumps(values))


def test_releases_are_reproducible(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name / "kiosk"
        (folder / "__pycache__").mkdir(parents=True)
        (folder / "__pycache__" / "x.pyc").write_bytes(name.encode())
        for file in ("a.py", "b.py") if name == "one" else ("b.py", "a.py"):
            (folder / file).write_text("x = 1\n")
    first, _ = build(tmp_path / "one", "1.0.0", tmp_path / "s1", parts=("kiosk",))
    second, _ = build(tmp_path / "two", "1.0.0", tmp_path / "s2", parts=("kiosk",))
    assert first == second
    assert Manifest.from_bytes(first.to_bytes()) == first


def test_one_offline_key_is_not_enough(fleet: Fleet) -> None:
    (fleet.home.root / "source/kiosk").mkdir(parents=True)
    (fleet.home.root / "source/kiosk/a.py").write_text("")
    _, files = build(fleet.home.root / "source", "1.0.0", fleet.home.staging, parts=("kiosk",))
    metadata = fleet.repository.propose(files)
    root = fleet.repository.load("root").signed
    key = load_signer(fleet.home.offline_keys / "targets-1.pem")
    sign_with(metadata, key, root)
    sign_with(metadata, key, root)
    with pytest.raises(FleetError, match="1 of 2"):
        fleet.repository.publish(metadata, files)
    with pytest.raises(FleetError, match="not one of the targets keys"):
        sign_with(metadata, load_signer(fleet.home.online_keys / "rollout.pem"), root)


def test_offline_keys_open_with_their_passphrase_only(tmp_path: Path) -> None:
    from provisioning.home import Home

    home = Home(tmp_path / "f")
    home.root.mkdir()
    Repository.create(home, b"correct horse battery")
    with pytest.raises(FleetError, match="wrong passphrase"):
        load_signer(home.offline_keys / "root-1.pem", b"wrong")
    assert load_signer(home.offline_keys / "root-1.pem", b"correct horse battery")


async def test_install_update_and_proof(served: Fleet, kiosk: Kiosk) -> None:
    pack = served.home.root / "faq.json"
    pack.write_text("{}")
    for version in ("1.0.0", "1.1.0"):
        publish(served, version, packs=[pack])
        want(served, version)
        result = await kiosk.update.run()
        assert (result.stage, result.trouble, kiosk.update.slots.version) == ("idle", "", version)
    slots = kiosk.update.slots
    assert slots.current == "b"
    assert not slots.pending()
    assert (slots.folder("b") / "packs/faq.json").read_text() == "{}"
    assert (slots.folder("b") / "bin/kiosk").stat().st_mode & 0o111
    assert "1.1.0" in (slots.folder("b") / "app/kiosk/main.py").read_text()


async def test_a_bad_release_is_left_and_not_tried_again(served: Fleet, kiosk: Kiosk) -> None:
    publish(served, "1.0.0")
    want(served, "1.0.0")
    await kiosk.update.run()
    publish(served, "1.1.0")
    want(served, "1.1.0")
    kiosk.machine.bad.add("1.1.0")
    for _ in range(3):
        result = await kiosk.update.run()
        assert (result.failed, result.why, kiosk.update.slots.version) == (
            "1.1.0",
            "no picture for 30 s",
            "1.0.0",
        )
    assert kiosk.machine.restarts == 3
    want(served, "1.1.0", resumed=("now looked at",))
    kiosk.machine.bad.clear()
    result = await kiosk.update.run()
    assert (result.failed, kiosk.update.slots.version) == ("", "1.1.0")


async def test_a_run_cut_between_swap_and_proof_is_finished_by_the_next(served: Fleet, kiosk: Kiosk) -> None:
    publish(served, "1.0.0")
    want(served, "1.0.0")
    await kiosk.update.run()
    publish(served, "1.1.0")
    want(served, "1.1.0")

    async def cut() -> None:
        raise OSError(5, "power")

    kiosk.machine.restart_kiosk = cut  # type: ignore[method-assign]
    assert (await kiosk.update.run()).trouble == "power"
    assert kiosk.update.slots.pending()["version"] == "1.1.0"
    result = await kiosk.update.run()
    assert (result.stage, kiosk.update.slots.version, kiosk.update.slots.pending()) == ("idle", "1.1.0", {})


async def test_a_visitor_is_not_thrown_out(served: Fleet, kiosk: Kiosk) -> None:
    publish(served, "1.0.0")
    want(served, "1.0.0")
    kiosk.machine.busy = True
    result = await kiosk.update.run()
    assert (result.stage, kiosk.update.slots.version, kiosk.machine.restarts) == ("waiting", "", 0)
    kiosk.machine.busy = False
    assert (await kiosk.update.run()).stage == "idle"
    assert kiosk.update.slots.version == "1.0.0"


async def test_a_full_disk_is_said_and_nothing_is_touched(served: Fleet, kiosk: Kiosk) -> None:
    publish(served, "1.0.0")
    want(served, "1.0.0")
    kiosk.update.free = lambda _: 50_000_000
    result = await kiosk.update.run()
    assert "needs 200 MB free, there are 50 MB" in result.trouble
    assert not (kiosk.update.slots.root / "slots/a").exists()


async def test_a_repository_out_of_reach_changes_nothing(served: Fleet, kiosk: Kiosk) -> None:
    publish(served, "1.0.0")
    want(served, "1.0.0")
    await kiosk.update.run()
    kiosk.update.source = Source(
        "http://127.0.0.1:9/",
        kiosk.folder / "tuf",
        kiosk.folder / "opt/cache",
        served.repository.root_bytes(),
    )
    result = await kiosk.update.run()
    assert "cannot be reached" in result.trouble
    assert kiosk.update.slots.version == "1.0.0"


async def test_settings_are_merged_applied_once_and_reported(served: Fleet, kiosk: Kiosk) -> None:
    from provisioning.inventory import load_inventory

    served.home.inventory.write_text(
        'settings.window.reduce_motion = true\n[site.sim]\nname = "Ipuh"\nsettings.session.seconds = 200\n'
        '[device.K-01]\nsite = "sim"\nsettings.session.seconds = 240\n'
    )
    inventory = load_inventory(served.home.inventory)
    assert inventory.complaints() == []
    served.repository.put_desired({n: json.dumps(b).encode() for n, b in inventory.documents().items()})
    await kiosk.update.run()
    result = await kiosk.update.run()
    assert result.settings == inventory.fingerprints()["K-01"]
    assert kiosk.machine.reloads == 1
    from kiosk.settings.load import load

    settings = load(kiosk.folder / "kiosk.toml", {})
    assert (settings.kiosk.id, settings.session.seconds, settings.window.reduce_motion) == ("K-01", 240, True)


async def test_the_online_key_cannot_turn_a_kiosk_to_another_portal(served: Fleet, kiosk: Kiosk) -> None:
    body = {"format": 1, "fleet": {"portal": {"url": "http://evil.test"}}, "site": {}, "devices": {}}
    served.repository.put_desired({"desired/config/sim.json": json.dumps(body).encode()})
    result = await kiosk.update.run()
    assert "portal.url may only be set" in result.trouble
    assert not (kiosk.folder / "kiosk.toml").exists()
    with pytest.raises(FleetError, match="only desired"):
        served.repository.put_desired({"trust/settings.json": b"{}"})


async def test_even_a_stolen_rollout_key_cannot_sign_a_release(
    served: Fleet, kiosk: Kiosk, tmp_path: Path
) -> None:
    """The delegation's paths are checked by the kiosk, not only by our own tool."""
    publish(served, "1.0.0")
    repository = served.repository
    from tuf.api.metadata import TargetFile

    evil = b'{"version": "6.6.6"}'
    metadata = repository.load("rollout")
    info = TargetFile.from_data("release/6.6.6/any/manifest.json", evil, ["sha256"])
    metadata.signed.targets["release/6.6.6/any/manifest.json"] = info
    metadata.signed.version += 1
    metadata.signatures.clear()
    metadata.sign(load_signer(served.home.online_keys / "rollout.pem"))
    repository._save("rollout", metadata)
    repository._snap()
    folder = served.home.targets / "release/6.6.6/any"
    folder.mkdir(parents=True)
    (folder / f"{info.hashes['sha256']}.manifest.json").write_bytes(evil)
    reader = source(served, tmp_path)
    reader.refresh()
    with pytest.raises(FleetError, match="No release"):
        reader.manifest("6.6.6", "x86_64")


def test_tampered_files_are_refused(served: Fleet, tmp_path: Path) -> None:
    publish(served, "1.0.0")
    reader = source(served, tmp_path)
    reader.refresh()
    manifest = reader.manifest("1.0.0", "x86_64")
    app = next(served.home.targets.rglob("*.app.tar.gz"))
    data = bytearray(app.read_bytes())
    data[100] ^= 1
    app.write_bytes(data)
    with pytest.raises(FleetError, match=r"refused|did not arrive"):
        reader.piece(manifest.app)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "rollout"])
def test_tampered_metadata_is_refused(served: Fleet, tmp_path: Path, role: str) -> None:
    publish(served, "1.0.0")
    served.repository.put_desired({"desired/x.json": b"{}"})
    path = max(served.home.metadata.glob(f"*{role}.json"), key=lambda p: p.stat().st_mtime_ns)
    edit(path, lambda signed: signed.update(expires="2099-01-01T00:00:00Z"))
    with pytest.raises(FleetError, match="refused"):
        reader = source(served, tmp_path)
        reader.refresh()
        reader.desired()


def test_expired_metadata_is_refused_and_a_fresh_one_heals(served: Fleet, tmp_path: Path) -> None:
    repository = served.repository
    metadata: Metadata[Timestamp] = repository.load("timestamp")
    metadata.signed.version += 1
    metadata.signed.expires = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
    metadata.signatures.clear()
    metadata.sign(load_signer(served.home.online_keys / "timestamp.pem"))
    repository._save("timestamp", metadata)
    with pytest.raises(FleetError, match="not renewed, or this machine's clock"):
        source(served, tmp_path).refresh()
    repository.refresh()
    source(served, tmp_path).refresh()


def test_an_older_state_is_refused(served: Fleet, tmp_path: Path) -> None:
    """Freeze and roll back: yesterday's files, rightly signed, put back by somebody who holds the web server."""
    old = (served.home.metadata / "timestamp.json").read_bytes()
    publish(served, "1.0.0")
    source(served, tmp_path).refresh()
    (served.home.metadata / "timestamp.json").write_bytes(old)
    # TUF keeps the newer state it has verified; what it must not do is go back to the older one.
    reader = source(served, tmp_path)
    with contextlib.suppress(FleetError):
        reader.refresh()
    kept = Metadata.from_file(str(tmp_path / "tuf/timestamp.json"))
    assert kept.signed.version == 2


def test_another_fleets_repository_is_refused(served: Fleet, tmp_path: Path) -> None:
    from provisioning.home import Home

    other = Home(tmp_path / "other")
    other.root.mkdir()
    stranger = Repository.create(other, b"")
    reader = Source(served.url, tmp_path / "t", tmp_path / "c", stranger.root_bytes(), pause=0.01)
    with pytest.raises(FleetError, match="refused"):
        reader.refresh()


def test_fingerprints_alike_or_not_are_those_of_the_merged_settings(fleet: Fleet) -> None:
    from provisioning.inventory import load_inventory
    from provisioning.settings_merge import fingerprint

    fleet.home.inventory.write_text(
        'settings.window.reduce_motion = true\ntrust.portal.url = "https://p.example.test"\n'
        '[site.sim]\nname = "Ipuh"\nsettings.kiosk.counters = "Loket 1"\n[site.other]\nname = "Penarik"\n'
        '[device.K-01]\nsite = "sim"\n[device.K-02]\nsite = "other"\n'
        '[device.K-03]\nsite = "sim"\nsettings.session.seconds = 240\n'
    )
    listed = load_inventory(fleet.home.inventory)
    found = listed.fingerprints()
    assert found == {name: fingerprint(listed.merged(name)) for name in listed.devices}
    assert len(set(found.values())) == 3


async def test_fleet_serve_hands_out_the_repository(fleet: Fleet, tmp_path: Path) -> None:
    """Its own web server says 404 for the next root, as kiosks expect, and nothing of the fleet's keys."""
    import asyncio

    import httpx
    import uvicorn

    from provisioning.service import repository_files
    from provisioning.simulation import free_port

    publish(fleet, "1.0.0")
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(repository_files(fleet.home), port=port, log_level="error"))
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.02)
        fleet.url = f"http://127.0.0.1:{port}/"
        reader = source(fleet, tmp_path)
        await asyncio.to_thread(reader.refresh)
        assert (await asyncio.to_thread(reader.manifest, "1.0.0", "x86_64")).version == "1.0.0"
        async with httpx.AsyncClient(base_url=fleet.url) as client:
            for path in (
                "metadata/9.root.json",
                "keys/online/rollout.pem",
                "../fleet.toml",
                "%2e%2e/fleet.toml",
            ):
                assert (await client.get(path)).status_code == 404
    finally:
        server.should_exit = True
        await running


@pytest.mark.parametrize("trick", ["../out", "/tmp/anjungan-out", "link", "device"])
def test_an_archive_that_reaches_out_of_its_slot_is_refused(tmp_path: Path, trick: str) -> None:
    """Signed or not: a mistake in a build must not write elsewhere either."""
    import io
    import tarfile

    from provisioning.agent.slots import Slots
    from provisioning.release import Piece

    archive = tmp_path / "app.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        info = tarfile.TarInfo(trick)
        info.size = 1
        if trick == "link":
            info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc", 0
        if trick == "device":
            info.type, info.size = tarfile.CHRTYPE, 0
        tar.addfile(info, io.BytesIO(b"x"))
    slots = Slots(tmp_path / "opt")
    with pytest.raises(FleetError, match="cannot be unpacked"):
        slots.fill(archive, Manifest("1.0.0", Piece("a", 1, "0")), {})
    assert not (tmp_path / "opt/slots/out").exists()
    assert not Path("/tmp/anjungan-out").exists()

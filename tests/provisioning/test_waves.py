"""Who takes a release when, and what halts it."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.waves import (
    Desired,
    Patience,
    Report,
    Rollout,
    Standing,
    advance,
    plan,
    resume,
    standing,
    tally,
    wanted_version,
    wave_of,
)

PATIENCE = Patience(silent=120, arrive=3600, failed_most=0.05)
AT = "2026-11-24T02:02:00+00:00"
names = st.integers(10, 9999).map(lambda n: f"K-{n:02d}")
fleets = st.sets(names, min_size=1, max_size=300)


def new(devices: set[str], seed: str = "s", canary: tuple[str, ...] = ()) -> Rollout:
    return Rollout("1.4.4", seed, AT, plan(devices, seed, canary=canary), canary=canary)


@settings(max_examples=150, deadline=None)
@given(fleets, st.text(max_size=8))
def test_every_device_is_in_one_wave_and_the_waves_have_their_shares(devices: set[str], seed: str) -> None:
    rollout = new(devices, seed)
    waves = [wave_of(rollout, device) for device in devices]
    up_to = [sum(1 for wave in waves if wave <= index) for index in range(4)]
    count = len(devices)
    assert up_to == [
        1,
        max(1, math.ceil(0.05 * count)),
        max(1, math.ceil(0.25 * count)),
        count,
    ]


@settings(max_examples=80, deadline=None)
@given(fleets, st.text(max_size=8), names)
def test_a_newcomer_moves_nobody(devices: set[str], seed: str, newcomer: str) -> None:
    rollout = new(devices, seed)
    before = {device: wave_of(rollout, device) for device in devices}
    assert wave_of(rollout, newcomer) in range(4)
    assert {device: wave_of(rollout, device) for device in devices} == before


@settings(max_examples=80, deadline=None)
@given(fleets.filter(lambda f: len(f) > 3), st.data())
def test_named_canaries_are_the_canary_wave(devices: set[str], data: st.DataObject) -> None:
    chosen = tuple(data.draw(st.lists(st.sampled_from(sorted(devices)), min_size=1, max_size=3, unique=True)))
    rollout = new(devices, "x", chosen)
    assert {device for device in devices if wave_of(rollout, device) == 0} == set(chosen)


def test_seeds_change_who_is_first() -> None:
    devices = {f"K-{n:02d}" for n in range(10, 60)}
    first = {next(d for d in devices if wave_of(new(devices, f"seed{n}"), d) == 0) for n in range(40)}
    assert len(first) > 15


def test_a_document_goes_there_and_back() -> None:
    rollout = resume(new({"K-01", "K-02"}), AT, "looked at it")
    desired = Desired(baseline="1.0.0").put(rollout)
    assert Desired.from_plain(desired.to_plain()) == desired


def opened(rollout: Rollout) -> Rollout:
    return advance(rollout, (), AT, PATIENCE, {})


def run(rollout: Rollout, devices: set[str], reports: list[Report], open_for: float = 600) -> Rollout:
    by_name = {report.device: report for report in reports}
    counted = tally(rollout, devices, by_name, [open_for] * 4, PATIENCE)
    return advance(rollout, counted, AT, PATIENCE, {r.device: r.why for r in reports})


FLEET = {f"K-{n:02d}" for n in range(1, 41)}
CANARY = ("K-01",)


def good(device: str, minutes: float = 20) -> Report:
    return Report(device, True, 5, "1.4.4", minutes * 60)


def test_installed_is_not_success() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    assert run(rollout, FLEET, [good("K-01", minutes=14.9)]) is rollout
    assert run(rollout, FLEET, [good("K-01", minutes=15)]).waves[1].opened


def test_a_bad_release_stops_in_the_canary_wave() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    bad = Report("K-01", True, 3, "1.4.3", 5, failed_version="1.4.4", why="no picture for 30 s")
    halted = run(rollout, FLEET, [bad])
    assert halted.halt is not None
    assert halted.halt.devices == ("K-01",)
    assert halted.halt.reason == "no picture for 30 s"
    desired = Desired(baseline="1.4.3").put(halted)
    assert {wanted_version(desired, device, "1.4.3") for device in FLEET} == {"1.4.3"}
    # Sticky: health that returns does not lift it.
    assert run(halted, FLEET, [good("K-01")]) is halted
    assert resume(halted, AT, "cable").halt is None


def test_a_canary_wave_that_is_all_offline_proves_nothing() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    assert run(rollout, FLEET, [Report("K-01", False, 9e5, "1.4.3")]) is rollout
    assert run(rollout, FLEET, []) is rollout


def test_silent_while_online_is_failed_and_offline_is_pending() -> None:
    rollout = opened(new(FLEET, canary=CANARY))

    def of(report: Report | None) -> Standing:
        return standing(rollout, report, 0, 600, PATIENCE)

    assert of(Report("K-01", True, 500, "1.4.3")) is Standing.FAILED
    assert of(Report("K-01", False, 500, "1.4.3")) is Standing.PENDING
    assert of(Report("K-01", True, 5, "1.4.3")) is Standing.RUNNING
    assert of(None) is Standing.PENDING


def test_a_view_that_lost_everything_advances_nothing() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    rollout = run(rollout, FLEET, [good(device) for device in FLEET if wave_of(rollout, device) == 0])
    assert rollout.waves[1].opened
    assert run(rollout, FLEET, []) is rollout


def test_a_kiosk_that_never_takes_the_release_fails_and_one_just_back_does_not() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    stuck = Report("K-01", True, 5, "1.4.3", 9e4, online_seconds=9e5)
    back = Report("K-01", True, 5, "1.4.3", 9e4, online_seconds=60)
    assert standing(rollout, stuck, 0, 4000, PATIENCE) is Standing.FAILED
    assert standing(rollout, back, 0, 4000, PATIENCE) is Standing.RUNNING


def test_offline_kiosks_do_not_hold_a_later_wave_and_catch_up() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    reports = [good(device) for device in FLEET if device != "K-17"]
    for _ in range(8):
        rollout = run(rollout, FLEET, reports)
    assert rollout.finished
    assert wanted_version(Desired().put(rollout), "K-17", "1.4.2") == "1.4.4"


def test_few_failures_in_a_large_wave_are_borne_and_many_are_not() -> None:
    rollout = opened(new(FLEET, canary=CANARY))
    for _ in range(4):
        rollout = run(rollout, FLEET, [good(device) for device in FLEET if wave_of(rollout, device) < 3])
    last = sorted(device for device in FLEET if wave_of(rollout, device) == 3)
    assert rollout.waves[3].opened
    assert not rollout.finished
    rest = [good(device) for device in FLEET]

    def failing(count: int) -> list[Report]:
        bad = set(last[:count])
        return [
            Report(r.device, True, 5, "1.4.3", 9, failed_version="1.4.4") if r.device in bad else r
            for r in rest
        ]

    assert run(rollout, FLEET, failing(1)).halt is None
    assert run(rollout, FLEET, failing(2)).halt is not None


def test_a_resumed_rollout_halts_again_on_a_new_failure() -> None:
    rollout = opened(new(FLEET, canary=("K-01", "K-02")))
    bad = Report("K-01", True, 3, "1.4.3", 5, failed_version="1.4.4")
    again = resume(run(rollout, FLEET, [bad]), AT, "printer was open")
    assert run(again, FLEET, [bad]).halt is None
    also = Report("K-02", True, 3, "1.4.3", 5, failed_version="1.4.4")
    assert run(again, FLEET, [bad, also]).halt is not None

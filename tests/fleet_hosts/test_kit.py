"""A machine that was only given a kit enrols by itself at its first start, and takes its first signed release."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from .hosts import base, booted, until_up, why_not
from .office import ROOT, office, until, without_a_screen

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def test_a_card_with_a_kit_becomes_a_kiosk(tmp_path: Path) -> None:
    with booted(base(ROOT / "build/fleet-base"), tmp_path, 2) as hosts, office(tmp_path, 3) as here:
        here.publish("1.0.0")
        first, second = hosts
        told = here.fleet("image", "K-01", "--release", "1.0.0", "--output", str(tmp_path / "kit"))
        assert "token good for 720 hours, one use" in told
        assert (tmp_path / "kit/kit/token").stat().st_mode & 0o077 == 0
        token = (tmp_path / "kit/kit/token").read_text().strip()
        # Onto the card while the machine is off.
        first.off()
        without_a_screen(first.root)
        done = subprocess.run(
            ["sh", str(tmp_path / "kit/kit/into"), str(first.root)],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "becomes a kiosk at its next start" in done.stdout
        # Plugged in before the line works: it tries again by itself.
        first.line(False)
        began = time.monotonic()
        first.boot()
        time.sleep(15)
        assert not [row for row in here.book.rows() if row.device == "K-01"]
        first.line(True)
        until(
            "K-01 in service",
            lambda: here.online("K-01", "1.0.0"),
            180,
            lambda: first.log.read_text()[-1500:],
        )
        print(
            f"\nK-01 enrolled and serving {time.monotonic() - began:.0f} s after its first start, 15 s without a line"
        )
        until_up(first)
        assert first.sh("cat /etc/anjungan/enrolled") == "K-01"
        assert first.sh("readlink /opt/anjungan/current") == "slots/a"
        assert first.sh("ls /var/lib/anjungan-first-boot 2>/dev/null || echo gone") == "gone"
        assert first.sh("grep -rl " + token + " /etc /var /opt 2>/dev/null || echo none") == "none"
        assert first.sh("systemctl is-enabled anjungan-first-boot.service || true") == "disabled"
        # The same kit on a second machine: the token was used, and the sentence says what to do.
        without_a_screen(second.root)
        subprocess.run(
            ["sh", str(tmp_path / "kit/kit/into"), str(second.root)], check=True, capture_output=True
        )
        second.sh("systemctl daemon-reload; systemctl start --no-block anjungan-first-boot.service")
        until(
            "the refusal",
            lambda: (
                "fleet enrol token"
                in second.sh("journalctl -u anjungan-first-boot.service --no-pager -o cat")
            ),
            120,
            lambda: second.sh("journalctl -u anjungan-first-boot.service --no-pager -o cat | tail -5"),
        )
        assert second.sh("ls /etc/anjungan/enrolled 2>/dev/null || echo none") == "none"
        # Made for another machine: said, and not tried for ever.
        env = second.root / "var/lib/anjungan-first-boot/kit.env"
        env.write_text(env.read_text().replace("ARCHITECTURE='x86_64'", "ARCHITECTURE='aarch64'"))
        second.sh("systemctl restart anjungan-first-boot.service || true")
        said = second.sh("journalctl -u anjungan-first-boot.service --no-pager -o cat | tail -8")
        assert "this machine is x86_64, the kit is for aarch64" in said
        assert second.sh("systemctl show -P ActiveState anjungan-first-boot.service") == "failed"

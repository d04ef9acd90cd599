"""The broker's files, and talking to it with a certificate."""

from __future__ import annotations

import ssl
from pathlib import Path

from provisioning.home import Home, Plan

OPERATORS = ("fleet-serve", "fleet-operator", "fleet-exporter")

ACL = """# Who may say and hear what. %u is the name in the client's certificate, given by the fleet's CA alone.
# A kiosk: its own state and replies out; what it is asked, and nudges, in. Nothing of another kiosk.
pattern write fleet/d/%u/state
pattern write fleet/d/%u/link
pattern write fleet/d/%u/reply
pattern write fleet/d/%u/kpi
pattern read fleet/d/%u/do
pattern read fleet/d/%u/got
pattern read fleet/all/#

user fleet-serve
topic readwrite fleet/#
topic read $SYS/#

user fleet-operator
topic readwrite fleet/#

user fleet-exporter
topic read fleet/#
topic read $SYS/#
"""


def write_files(home: Home, plan: Plan, *, kiosks: str = "", state: str = "") -> Path:
    """Write `mosquitto.conf` and `acl` into the fleet's folder; returns the former.

    `kiosks`: address to listen on for them ("" every one). `state`: a folder the broker may write; "" Debian's.
    """
    home.broker.mkdir(parents=True, exist_ok=True)
    acl = home.broker / "acl"
    acl.write_text(ACL)
    # Mosquitto reads it as its own user and complains about files others may write.
    acl.chmod(0o644)
    tls = (
        f"cafile {home.ca / 'ca.pem'}\ncertfile {home.certificates / 'broker.pem'}\n"
        f"keyfile {home.certificates / 'broker.key'}\ncrlfile {home.ca / 'revoked.pem'}\n"
        "require_certificate true\nuse_identity_as_username true\ntls_version tlsv1.3\n"
    )
    text = (
        "# Written by fleet init. Debian: copy to /etc/mosquitto/conf.d/ and give mosquitto the files named here.\n"
        "per_listener_settings false\nallow_anonymous false\n"
        f"acl_file {acl}\n"
        "persistence true\nautosave_interval 60\n"
        f"persistence_location {state or '/var/lib/mosquitto/'}\n"
        "# A kiosk that was off keeps its place for three months; states and nudges are small.\n"
        "persistent_client_expiration 3m\nmax_queued_messages 200\nmessage_size_limit 65536\n"
        "max_connections -1\nlog_dest stderr\nlog_type error\nlog_type warning\n\n"
        f"# Kiosks. Their client id is their certificate's name: nobody can push another one off.\n"
        f"listener {plan.broker_port}{' ' + kiosks if kiosks else ''}\nuse_username_as_clientid true\n{tls}\n"
        f"# People and fleet serve.\nlistener {plan.operator_port} {plan.operator_host}\n{tls}"
    )
    path = home.broker / "mosquitto.conf"
    path.write_text(text)
    return path


def client_tls(ca: Path, certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.3 both ways: the fleet's CA and nobody else's. Raises `OSError` or `ssl.SSLError`."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(str(certificate), str(key))
    return context


def operator_tls(home: Home, name: str = "fleet-operator") -> ssl.SSLContext:
    return client_tls(
        home.ca / "ca.pem", home.certificates / f"{name}.pem", home.certificates / f"{name}.key"
    )

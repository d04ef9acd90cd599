"""Installing and comparing over SSH with pyinfra. The target needs `sh` and, for a user that is not root, `sudo`."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyinfra.api.config import Config
from pyinfra.api.connect import connect_all, disconnect_all
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory
from pyinfra.api.operation import add_op
from pyinfra.api.operations import run_ops
from pyinfra.api.state import State
from pyinfra.facts.server import Arch
from pyinfra.operations import apt, files, server

from provisioning.deploys.layout import ENABLED, MARKER, PACKAGES, File, mark
from provisioning.deploys.steps import FIRST_SLOT, FOLLOW_UP, START, WITH_WHEELS, Release

OWNED = {"user": "root", "group": "root"}


@dataclass(slots=True)
class Result:
    """One host. `changes`: what was done, or would be; `trouble`: why nothing was."""

    host: str
    changes: list[str] = field(default_factory=list[str])
    diffs: list[str] = field(default_factory=list[str])
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach hosts. `key`: private key file; None: the agent's or the user's own."""

    user: str = "root"
    key: Path | None = None
    port: int = 22
    known_hosts: Path | None = None


def work(
    hosts: dict[str, str],
    access: Access,
    managed: list[File],
    *,
    release: Release | None = None,
    packages: bool = True,
    start: bool = True,
    dry: bool = False,
) -> list[Result]:
    """Bring hosts (name: address) into line, or with `dry` say what differs. One result a host, in the order given.

    Nothing is touched on a host that cannot be reached, has no rights, or is of another architecture than `release`.
    """
    data: dict[str, Any] = {"ssh_user": access.user, "ssh_port": access.port}
    if access.key:
        data["ssh_key"] = str(access.key)
        data["ssh_look_for_keys"] = data["ssh_allow_agent"] = False
    if access.known_hosts:
        data["ssh_known_hosts_file"] = str(access.known_hosts)
    names = [(name, {**data, "ssh_hostname": address}) for name, address in hosts.items()]
    inventory = Inventory((names, {}))
    config = Config(CONNECT_TIMEOUT=8, SUDO=access.user != "root")
    state = State(inventory, config)
    results = {name: Result(name) for name in hosts}
    _connect(state, results, hosts, access)
    usable = [host for host in state.inventory.get_active_hosts() if _fit(host, release, results)]
    if usable:
        _prepare(state, usable, managed, release, packages, start, results)
        if dry:
            for host in usable:
                _diff(host, managed, results[host.name])
        else:
            run_ops(state)
            for host in usable:
                if host not in state.active_hosts:
                    results[host.name].trouble = _why(state, host)
    disconnect_all(state)
    return list(results.values())


def _connect(state: State, results: dict[str, Result], hosts: dict[str, str], access: Access) -> None:
    # One unreachable host must not stop the others: pyinfra raises when *all* fail, so failures are read from hosts.
    with contextlib.suppress(PyinfraError):
        connect_all(state)
    for host in state.inventory:
        if not host.connected:
            results[host.name].trouble = (
                f"{host.name} ({hosts[host.name]}) cannot be reached as {access.user}: is it on, is the key right? "
                f"Try: ssh -p {access.port} {access.user}@{hosts[host.name]}"
            )


def _fit(host: Host, release: Release | None, results: dict[str, Result]) -> bool:
    ok, output = host.run_shell_command("id -u", print_output=False)
    if not ok or output.stdout_lines[-1:] != ["0"]:
        results[
            host.name
        ].trouble = (
            f"{host.name} gives no root rights: give the user sudo without a password, or use --user root."
        )
        return False
    machine = host.get_fact(Arch)
    if release is not None and release.architecture not in ("any", machine):
        results[host.name].trouble = f"{host.name} is {machine}; this release is for {release.architecture}."
        return False
    if release is not None:
        free = _says(host, "[ -e /opt/anjungan/current ] || df -k --output=avail /opt | tail -n 1")
        if free and int(free) * 1024 < release.room:
            results[host.name].trouble = (
                f"{host.name} has {int(free) // 1024} MB free in /opt; a first release needs {release.room >> 20} MB. "
                "Nothing was done."
            )
            return False
    return True


def _prepare(
    state: State,
    hosts: list[Host],
    managed: list[File],
    release: Release | None,
    packages: bool,
    start: bool,
    results: dict[str, Result],
) -> None:
    def op(what: str, function: Any, *args: Any, on: list[Host] | None = None, **kwargs: Any) -> set[Host]:
        """Add an operation; returns the hosts where it changes something."""
        found: set[Host] = set()
        for host, meta in add_op(state, function, *args, host=on or hosts, name=what, **kwargs).items():
            if meta.will_change:
                found.add(host)
                results[host.name].changes.append(what)
        return found

    facts = dict(zip(hosts, state.pool.map(lambda host: _facts(host, managed), hosts), strict=True))
    if packages:
        op("Debian packages", apt.packages, packages=list(PACKAGES), no_recommends=True, update=False)
    for item in managed:
        on = [host for host in hosts if not facts[host].same(item)]
        if on:
            op(
                item.destination,
                files.put,
                str(item.source),
                item.destination,
                on=on,
                **OWNED,
                mode=item.mode,
            )
    # Compared first and written last: a run that was cut does the follow-up again.
    behind = [host for host in hosts if facts[host].mark != mark(managed) or results[host.name].changes]
    if behind:
        op("users, folders, units read again", server.shell, commands=[FOLLOW_UP], on=behind)
    bare = [host for host in hosts if facts[host].bare] if release is not None else []
    if release is not None and bare:
        op("release", files.put, str(release.archive), "/opt/anjungan/cache/first.tar.gz", on=bare)
        op("manifest", files.put, str(release.manifest), "/opt/anjungan/cache/first.json", on=bare)
        for wheel in release.wheels:
            op(wheel.name, files.put, str(wheel), f"/opt/anjungan/cache/wheels/{wheel.name}", on=bare)
        packages_too = WITH_WHEELS if release.wheels else ":"
        op("first slot", server.shell, commands=[FIRST_SLOT.format(packages=packages_too)], on=bare)
    for unit in ENABLED:
        off = [host for host in hosts if unit not in facts[host].enabled]
        if off:
            op(f"{unit} enabled", server.shell, commands=[f"systemctl enable {unit}"], on=off)
    if start and (behind or bare):
        op("units started", server.shell, commands=[START], on=list({*behind, *bare}))
    if behind:
        op(MARKER, server.shell, commands=[f"echo {mark(managed)} > {MARKER}; sync {MARKER}"], on=behind)


@dataclass(frozen=True, slots=True)
class Facts:
    """One host, asked once: three round trips a file would make a look at a fleet slow."""

    files: dict[str, tuple[str, str]]
    """Destination: (SHA-256, "user group mode")."""
    enabled: frozenset[str]
    mark: str
    bare: bool

    def same(self, item: File) -> bool:
        digest = hashlib.sha256(item.source.read_bytes()).hexdigest()
        return self.files.get(item.destination) == (digest, f"root root {item.mode}")


def _facts(host: Host, managed: list[File]) -> Facts:
    names = " ".join(f"'{item.destination}'" for item in managed)
    text = _says(
        host,
        f'for f in {names}; do [ -f "$f" ] && '
        'echo "F $f $(sha256sum <"$f" | cut -c1-64) $(stat -c "%U %G %a" "$f")"; done; '
        f"for u in {' '.join(ENABLED)}; do systemctl -q is-enabled $u 2>/dev/null && echo E $u; done; "
        f"[ -e /opt/anjungan/current ] || echo B; echo M $(cat {MARKER} 2>/dev/null)",
    )
    lines = [line.split() for line in text.splitlines()]
    return Facts(
        {line[1]: (line[2], " ".join(line[3:])) for line in lines if line[:1] == ["F"] and len(line) == 6},
        frozenset(line[1] for line in lines if line[:1] == ["E"]),
        next((line[1] for line in lines if line[:1] == ["M"] and len(line) > 1), ""),
        ["B"] in lines,
    )


def _says(host: Host, command: str) -> str:
    return host.run_shell_command(command, print_output=False)[1].stdout.strip()


def _diff(host: Host, managed: list[File], result: Result) -> None:
    """The differing lines of every managed file that would change."""
    for item in managed:
        if item.destination not in result.changes:
            continue
        ok, output = host.run_shell_command(f"cat '{item.destination}' 2>/dev/null", print_output=False)
        before = output.stdout_lines if ok else []
        after = item.source.read_text().splitlines()
        lines = list(
            difflib.unified_diff(
                before, after, f"{host.name}:{item.destination}", "installed by fleet", lineterm="", n=1
            )
        )
        result.diffs.append(
            "\n".join(lines) if lines else f"{host.name}:{item.destination}: owner or mode differs"
        )


def _why(state: State, host: Host) -> str:
    for hash_ in state.get_op_order():
        try:
            data = state.get_op_data_for_host(host, hash_)
        except KeyError:
            continue
        meta = data.operation_meta
        if meta.is_complete() and not meta.did_succeed():
            name = next(iter(state.get_op_meta(hash_).names), "a step")
            last = (meta.stderr_lines or meta.stdout_lines or ["no reason given"])[-1]
            return (
                f"{host.name}: {name}: {last[:160]}. What was done stays; run it again when that is mended."
            )
    return f"{host.name}: the connection was lost. Run it again: it goes on where it stopped."

"""The contract against the reference portal: schemathesis makes the questions up and judges the answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kiosk.sandbox.seed import PEOPLE
from kiosk.sandbox.server import Server, serve
from kiosk.sandbox.settings import SandboxSettings
from tests.kiosk.sandbox.office import TOKEN

CONTRACT = Path(__file__).parents[3] / "kiosk" / "portal" / "openapi.yaml"
VISIT = "contract-visit"
NEVER = 10**9

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_path(CONTRACT)
# tus answers a missing or unknown version with 412, and what cannot be a piece of a file with 4xx of its own.
schema.config.checks.negative_data_rejection.expected_statuses.extend(["412", "413", "410"])
schema.config.checks.missing_required_header.expected_statuses.append("412")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings_ = SandboxSettings(
        tmp_path_factory.mktemp("portal"),
        devices={TOKEN: "K-01"},
        pace=0.0,
        misses=NEVER,
        claims_per_visit=NEVER,
        code_sends=NEVER,
    )
    with serve(0, settings_) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(server: Server) -> dict[str, str]:
    """Headers of a proven owner at a known kiosk, so that questions get past the door."""
    from kiosk.portal.client import Line, PortalClient

    async def prove() -> str:
        async with PortalClient(Line(server.url, token=TOKEN), visit_id=VISIT) as client:
            await client.identify("nik", PEOPLE[0]["nik"])
            await client.send_code()
            return (await client.check_code(server.sandbox.outbox[-1].code)).token

    return {"Authorization": f"Bearer {TOKEN}", "Visit-Token": asyncio.run(prove()), "Visit-Id": VISIT}


@schema.parametrize()
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
)
def test_every_operation_answers_as_the_contract_says(
    case: schemathesis.Case, server: Server, visitor: dict[str, str]
):
    headers = dict(visitor)
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", str((case.headers or {}).get("Visit-Id", ""))):
        del headers["Visit-Id"]  # wrong on purpose: must stay so
    if case.operation.path == "/surveys":
        del headers["Visit-Token"]  # the survey is anonymous
    if case.operation.path == "/visit" and "Visit-Id" in headers:
        headers["Visit-Id"] = "another-visit"  # ending ours would end the test
    # No JSON schema can say what is inside Upload-Metadata, or that a body fits its offset.
    beyond_words = [positive_data_acceptance] if case.operation.path.startswith("/files") else []
    case.call_and_validate(base_url=f"{server.url}/v1", headers=headers, excluded_checks=beyond_words)


def test_the_contract_and_the_portal_name_the_same_calls(server: Server):
    from kiosk.sandbox.app import create_app

    contract = yaml.safe_load(CONTRACT.read_text())
    verbs = {"get", "post", "put", "patch", "delete", "head", "options"}
    written = {
        (verb.upper(), f"/v1{path}")
        for path, item in contract["paths"].items()
        for verb in item
        if verb in verbs
    }
    app = create_app(SandboxSettings(server.sandbox.settings.data_dir / "other", seeded=False))
    built = set()
    for route in app.routes:
        if route.path.startswith("/v1"):  # type: ignore[attr-defined]
            methods = set(route.methods)  # type: ignore[attr-defined]
            # Starlette answers HEAD wherever it answers GET.
            built |= {(verb, route.path) for verb in methods if verb != "HEAD" or "GET" not in methods}  # type: ignore[attr-defined]
    assert built == written
    app.state.sandbox.close()

"""What is too old to be kept. Light: the keeper does it every hour, a start does it once."""

from __future__ import annotations

from kiosk.settings import Settings
from kiosk.store.connection import Connection


def erase_old(settings: Settings, connection: Connection, now: float) -> None:
    """Rows past their time, and the parcels that then belong to nobody. Waiting rows stay whatever their age."""
    finished = now - settings.store.keep_finished_days * 86400
    unsettled = now - settings.store.keep_refused_days * 86400
    connection.execute(
        "DELETE FROM spool "
        "WHERE (state IN ('printed', 'settled') AND changed < ? OR state IN ('unknown', 'queued') AND changed < ?) "
        "AND id NOT IN (SELECT copy_of FROM spool WHERE copy_of IS NOT NULL)",
        (finished, unsettled),
    )
    connection.execute(
        "DELETE FROM outbox WHERE (state = 'done' AND changed < ? OR state = 'refused' AND changed < ?) "
        "AND id NOT IN (SELECT after FROM outbox WHERE after IS NOT NULL)",
        (finished, unsettled),
    )
    connection.execute(
        "DELETE FROM parcels WHERE id NOT IN (SELECT parcel FROM spool WHERE parcel IS NOT NULL "
        "UNION SELECT parcel FROM outbox WHERE parcel IS NOT NULL "
        "UNION SELECT answer FROM outbox WHERE answer IS NOT NULL)"
    )

from tests.kiosk.sandbox.conftest import office

__all__ = ["office"]

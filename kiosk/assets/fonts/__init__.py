"""Fonts as files; `kiosk.assets` gives their paths. NOTICE.md names makers and licences."""

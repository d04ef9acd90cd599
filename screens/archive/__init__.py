"""Arsip: the office's own archive, for an officer: board, batch capture, fields, search."""

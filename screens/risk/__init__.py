"""Risk and requirements (picture 06)."""

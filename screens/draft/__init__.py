"""Kept for later: how to get it back."""

"""Daftar bawaan: what to bring, as paper or QR."""

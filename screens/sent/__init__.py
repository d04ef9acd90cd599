"""The proof that it was sent (picture 11)."""

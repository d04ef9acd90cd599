"""Check the answers and send (picture 10)."""

"""Finding the business (picture 05)."""

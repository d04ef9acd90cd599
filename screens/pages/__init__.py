"""A look at the pictures taken (picture 09)."""

"""Papers under the document camera (picture 08)."""

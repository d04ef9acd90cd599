"""The form, one question a screen (picture 07)."""

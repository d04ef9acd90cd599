"""What was read from the e-KTP."""

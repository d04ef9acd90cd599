"""The e-KTP under the camera."""

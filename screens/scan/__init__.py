"""The QR of a draft under the camera, and what it holds in dots."""

"""What pyinfra puts on a machine."""

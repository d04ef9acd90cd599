"""Heavy tests of the fleet: root, loop devices, booted hosts. Run by `make fleet-test`."""

"""What runs on a kiosk for the fleet: identity, updates, one connection outwards."""

"""Panggil petugas between a kiosk and the officers' desk: what is said, who decides, and the two ways it travels."""

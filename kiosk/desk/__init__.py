"""The officers' desk: a page in the office's network that rings when a visitor calls, and the hall's display.

It takes calls and answers them. It has no way into a visit: all it can say to a kiosk is `kiosk.assist.call.wire.Do`.
"""

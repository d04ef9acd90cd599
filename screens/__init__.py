"""What the visitor sees and touches: theme, widgets, the frame of a screen, one folder a screen.

Kivy reads its environment the moment it is first imported, so that environment is set here, before any
module of this room
can import it. Nothing is imported from Kivy by doing so.
"""

from screens.engine import prepare

prepare()

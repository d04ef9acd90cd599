"""Makes the packaged data files. Run by people, never at run time."""

"""Lapor LKPM: must I, when next, what will be asked."""

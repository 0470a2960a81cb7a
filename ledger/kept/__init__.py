"""Positions as they were kept: every piece, at the end of every day on which it changed, as known by every entry."""

"""Answers as text: what the JSON says, in words and aligned tables."""

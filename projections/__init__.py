"""The read side: what was so, as of a day, as known at a moment. One module a question asked of a position."""

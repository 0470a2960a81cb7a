"""May it be recorded? The refusals of what cannot have happened, at its place in the timeline."""

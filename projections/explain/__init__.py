"""Where figures come from, a module a subject: clause, entries, readings, and arithmetic that a reader can redo."""

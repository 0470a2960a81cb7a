"""The page: the same questions as the command line's, asked of an address; alone in meeting a web framework."""

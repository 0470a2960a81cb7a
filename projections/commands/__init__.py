"""The command line, a module a subject: each command asks its projections and prints text or JSON."""

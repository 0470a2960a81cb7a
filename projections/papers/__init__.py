"""The papers compliance staff must produce: one module a paper, which makes its content as data, and three forms."""

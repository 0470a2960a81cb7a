"""What an auditor's bundle carries to be checked with: the standard library only, and no line shared with us."""

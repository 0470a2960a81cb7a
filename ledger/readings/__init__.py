"""Where the certificate is silent: every question, the reading taken, those rejected, and what the choice moves."""

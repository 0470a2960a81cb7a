"""The write side: what was agreed and what happened under the Certificate of Designation."""

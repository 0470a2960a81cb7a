"""What did happen but should not have: recorded, and found, each with its clause, its entries and both numbers."""

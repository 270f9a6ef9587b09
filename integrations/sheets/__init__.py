"""What is taken from spreadsheets."""

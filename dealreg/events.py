"""What this app announces."""

"""What this floor itself announces."""

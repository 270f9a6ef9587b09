"""What fsck checks of this floor."""

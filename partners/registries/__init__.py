"""What the apps above declare, so that this floor need not know what a deal is."""

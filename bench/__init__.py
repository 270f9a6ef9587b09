"""Figures that the portal promises, measured on the real stack: `make bench`."""

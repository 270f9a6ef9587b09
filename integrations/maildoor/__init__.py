"""Registering deals by e-mail: a port for what comes in, and what is made of it."""

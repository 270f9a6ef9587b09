"""The project's own servers and everything that runs it on one machine.

Standard library only: these modules work before anything is installed.
"""

"""Targets: what samples talk to, and the recorder that taps every exchange."""

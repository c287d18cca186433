"""Probers: Base + Claims → Observations. One for each way in which a sample can be varied."""

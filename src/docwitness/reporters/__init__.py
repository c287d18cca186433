"""Reporters: Report → text. `base` has the contract."""

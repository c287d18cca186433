"""Checks: Claim + Evidence → Verdict. Pure functions."""

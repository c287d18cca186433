"""Glue for the tools that docwitness is used with."""

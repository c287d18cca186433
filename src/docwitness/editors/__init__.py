"""Editors: they set options in the text of a sample. One for each language that has options. Pure."""

"""Dialects: text → Page. One module each; `base` has the contract."""

"""Marked tables and lists: `docwitness.page.Table` → claims. Pure."""

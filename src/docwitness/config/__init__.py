"""The configuration of a project: its file → `docwitness.settings.Configuration`. One module for each kind of table in it."""

"""The toolkit's commands: they parse, call the stages, print, and exit."""

"""Containers: the engine, images, and processes in them. Needs the `container` extra."""

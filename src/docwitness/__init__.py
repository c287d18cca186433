"""docwitness makes API documentation its own test suite."""

__version__ = "0.1.0"

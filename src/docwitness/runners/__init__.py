"""Runners: Sample → Execution, one module a language; `base` has the contract."""

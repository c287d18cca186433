"""The units in which requests send times, by the words that APIs have for them."""

from __future__ import annotations

SECOND_NS = 1_000_000_000

UNITS = {
    "ns": 1,
    "n": 1,
    "nanosecond": 1,
    "us": 1_000,
    "u": 1_000,
    "microsecond": 1_000,
    "ms": 1_000_000,
    "millisecond": 1_000_000,
    "s": SECOND_NS,
    "second": SECOND_NS,
    "m": 60 * SECOND_NS,
    "h": 3600 * SECOND_NS,
}
"""Nanoseconds of every word that a profile accepts as `precision` (influxdata/influxdb3_core `iox_http/src/write/params.rs`)."""

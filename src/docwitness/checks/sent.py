"""What samples send on purpose: the parameters, headers and values that their own text names. Clients add others by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from docwitness.claim import Place
from docwitness.exchange import Exchange, Request
from docwitness.observation import Witnessed
from docwitness.sample import Sample

_NOT_ABOUT_THE_REQUEST = frozenset({"host", "connection", "expect"})
"""Headers of the connection, whatever it asks for (RFC 9110 §7.2, §7.6.1, §10.1.1)."""

_KEPT = 1024
"""Requests of samples that are remembered: many claims ask about each."""


def aims_at(exchange: Exchange, operation: str) -> bool:
    """Whether the request is that operation (`POST /api/v2/write`)."""
    return exchange.request.operation == operation


@lru_cache(maxsize=_KEPT)
def parameters(request: Request) -> tuple[tuple[Place, str, str], ...]:
    """Place, name and value of everything that a request says beside its body."""
    query = [(name, value) for name, values in request.query.items() for value in values]
    headers = [(name, value) for name, value in request.headers if name.lower() not in _NOT_ABOUT_THE_REQUEST]
    return (*((Place.QUERY, name, value) for name, value in query), *((Place.HEADER, name, value) for name, value in headers))


def names(sample: Sample, word: str) -> bool:
    """Whether the text of a sample names something, as a whole word; headers in any case."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", sample.text, re.IGNORECASE) is not None


def parameters_on_purpose(operation: str, witnessed: Iterable[Witnessed]) -> Iterator[tuple[Place, str, Witnessed]]:
    """Every parameter that a sample names and sends with the operation, whatever the answer."""
    for each in witnessed:
        for exchange in each.evidence.exchanges:
            if not aims_at(exchange, operation):
                continue
            for place, name, _ in parameters(exchange.request):
                if names(each.sample, name):
                    yield place, name, each


def values_on_purpose(name: str, place: Place, witnessed: Iterable[Witnessed]) -> Iterator[tuple[str, Witnessed]]:
    """Every value that a sample names and sends with a parameter, where it was accepted."""
    for value, each in values_accepted(name, place, witnessed):
        if names(each.sample, name) and names(each.sample, value.split(" ")[0]):
            yield value, each


def values_accepted(name: str, place: Place, witnessed: Iterable[Witnessed]) -> Iterator[tuple[str, Witnessed]]:
    """Every value that a sample sends with a parameter, on purpose or not, where it was accepted."""
    for each in witnessed:
        for exchange in each.evidence.exchanges:
            if exchange.accepted:
                for where, key, value in parameters(exchange.request):
                    if where is place and is_same_name(place, key, name):
                        yield value, each


def places_in_samples(name: str, operation: str, witnessed: Iterable[Witnessed]) -> dict[Place, Sample]:
    """Where samples send it with an operation, on purpose or not, and one that does."""
    places: dict[Place, Sample] = {}
    for each in witnessed:
        for exchange in each.evidence.exchanges:
            if aims_at(exchange, operation):
                for place, key, _ in parameters(exchange.request):
                    if is_same_name(place, key, name):
                        places.setdefault(place, each.sample)
    return places


def is_same_name(place: Place, one: str, other: str) -> bool:
    """Names of headers are the same in any case (RFC 9110 §5.1); those of parameters are not."""
    return one == other or (place is Place.HEADER and one.lower() == other.lower())

"""Topics: one parameter as its table documents it, and the variations that its claims ask about. Pure.

The prober sends all of them; the checks look each of them up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from docwitness.battery import NONSENSE, battery
from docwitness.claim import Allowed, Claim, Default, Honored, Instant, Named, Place, Value
from docwitness.elision import MARK
from docwitness.exchange import Request
from docwitness.observation import Operation
from docwitness.precision import UNITS
from docwitness.variation import CONTENT_LENGTH, FRAMING, TRANSFER_ENCODING, Variation, encodes, given, without

_CONTENT_ENCODING = "content-encoding"
_KEPT = 256
"""Topics whose variations are remembered: several claims ask for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A parameter or header of one table."""

    name: str
    places: tuple[Place, ...]
    """Where the table says it may stand; where the base or the target has it, when the table says nothing."""
    values: tuple[str, ...]
    """All that its rows document."""
    base_unit_ns: int
    """Nanoseconds of the unit in which the base sends its times."""
    defaults: tuple[str, ...] = ()
    """What its rows say that leaving it out is the same as; mostly one of `values`, but not always."""
    described: tuple[str, ...] = ()
    """The values that the target's description lists."""
    held: tuple[tuple[Place, str], ...] = ()
    """Where the base has it, and its value."""
    is_ignored: bool = False
    """Whether its row says that nothing looks at it."""

    @property
    def place(self) -> Place:
        """The place where it is tried first."""
        return self.places[0]

    @property
    def frames(self) -> bool:
        """Whether it is a header that tells where the body ends: it can only be sent as it truly is."""
        return self.name.lower() in FRAMING

    @property
    def encodes(self) -> bool:
        """Whether the body changes with it."""
        return self.name.lower() == _CONTENT_ENCODING

    @property
    def is_unit(self) -> bool:
        """Whether its values are units of time."""
        known = {*self.values, *self.defaults}
        return 2 * sum(value in UNITS for value in known) > len(known)

    @property
    def sendable(self) -> tuple[str, ...]:
        """All values that its rows or the target's description have and that can be sent."""
        known = dict.fromkeys((*self.values, *self.defaults, *self.described))
        return tuple(value for value in known if MARK not in value)

    def sends(self, value: str) -> bool:
        """Whether it can be sent with that value: it is not shown in part, nor untrue of the body."""
        if self.frames:
            return (self.name.lower(), value.lower()) == (TRANSFER_ENCODING, "chunked")
        return MARK not in value

    def left_out(self) -> Variation:
        """It stands nowhere. Without one framing header, the other one frames the body."""
        return without(self.name, chunked=self.name.lower() == CONTENT_LENGTH if self.frames else None)

    def nonsense(self, place: Place) -> Variation:
        """A value that nothing can mean."""
        return self.bare(NONSENSE, place)

    def tried_at(self, place: Place) -> tuple[Variation, ...]:
        """Values of every kind, given at that place; the body stays as it is."""
        return _tried_at(self, place)

    def documented(self, value: str, place: Place, times_of: str | None = None) -> Variation:
        """The value as its row has it: the body is in that coding, and its times are in that unit, or in that of `times_of`."""
        if self.frames:
            return Variation(chunked=self.name.lower() == TRANSFER_ENCODING)
        coding = value if self.encodes and encodes(value) else None
        unit_ns = UNITS.get(times_of or value, self.base_unit_ns) if self.is_unit else self.base_unit_ns
        times = None if unit_ns == self.base_unit_ns else (self.base_unit_ns, unit_ns)
        return given(self.name, place, value, coding=coding, times=times)

    def plain(self, value: str, place: Place) -> Variation:
        """The value alone, nothing adapted to it but the coding of the body."""
        return given(self.name, place, value, coding=value if self.encodes and encodes(value) else None)

    def left_out_as(self, value: str) -> Variation:
        """It stands nowhere, but the body is as if that value were given."""
        if self.encodes:
            return Variation(headers=((self.name, None),), query=((self.name, None),), coding=value)
        return self.left_out()

    def instant(self, value: str, number: int) -> Variation:
        """Lines with that number for a time, in that unit."""
        return given(self.name, self.place, value, time=number)

    def moved(self, place: Place) -> tuple[Variation, ...]:
        """What it is tried with in a place that its table does not name: its own value, those of its table, and nonsense."""
        return _tried_with(self, place, (*self.values, NONSENSE))

    def bare(self, value: str, place: Place) -> Variation:
        """The value alone: the body stays as it is."""
        return given(self.name, place, value, coding="identity" if self.encodes else None)


@lru_cache(maxsize=_KEPT)
def _tried_at(topic: Topic, place: Place) -> tuple[Variation, ...]:
    return _tried_with(topic, place, (NONSENSE, "", *topic.values, *battery(topic.values)))


def _tried_with(topic: Topic, place: Place, values: Iterable[str]) -> tuple[Variation, ...]:
    """The base's own value and others, given at that place; what frames the body can only be as it truly is."""
    if topic.frames:
        return (Variation(chunked=topic.name.lower() == TRANSFER_ENCODING),)
    own = (value for _, value in topic.held)
    return tuple(topic.bare(value, place) for value in dict.fromkeys((*own, *values)) if MARK not in value)


def topic_of(name: str, claims: Iterable[Claim], base: Request, operation: Operation | None) -> Topic:
    """The parameter as the claims of its table have it, varied from that base."""
    own = [claim for claim in claims if isinstance(claim, Named) and claim.name == name]
    described = None if operation is None else operation.parameters.get(name)
    held = tuple(_held(base, name))
    places = [claim.place for claim in own if isinstance(claim, Allowed)] or [place for place, _ in held]
    if not places and described is not None:
        places = [Place.HEADER if described.place == "header" else Place.QUERY]
    values = tuple(claim.value for claim in own if isinstance(claim, Value))
    return Topic(
        name=name,
        places=tuple(places) or (Place.QUERY,),
        values=values,
        base_unit_ns=_unit_ns(base, held),
        defaults=tuple(claim.value for claim in own if isinstance(claim, Default)),
        described=() if described is None else tuple(value for value in described.values if MARK not in value),
        held=held,
        is_ignored=any(isinstance(claim, Honored) and not claim.honored for claim in own),
    )


def _held(base: Request, name: str) -> Iterator[tuple[Place, str]]:
    for value in base.query.get(name, ())[:1]:
        yield Place.QUERY, value
    for key, value in base.headers:
        if key.lower() == name.lower():
            yield Place.HEADER, value


def _unit_ns(base: Request, held: tuple[tuple[Place, str], ...]) -> int:
    """That of the value which the base has, where values are units; nanoseconds otherwise."""
    in_query = base.query.get("precision", ())
    return next((UNITS[value] for value in (*(value for _, value in held), *in_query) if value in UNITS), 1)


def questions(topic: Topic, claims: Iterable[Claim]) -> Iterator[Variation]:
    """Everything that has to be tried before the claims about a topic can be judged."""
    yield topic.left_out()
    for place in topic.places:
        yield from topic.tried_at(place)
        yield from topic.moved(place.other)
    for value in topic.sendable:
        yield topic.left_out_as(value)
        for place in topic.places:
            yield topic.plain(value, place)
            yield topic.documented(value, place)
    yield from _in_other_units(topic)
    for claim in claims:
        if isinstance(claim, Instant) and claim.name == topic.name:
            yield topic.instant(claim.value, claim.number)


def _in_other_units(topic: Topic) -> Iterator[Variation]:
    """Each word for a unit, with times in each documented unit: which of them mean the same."""
    if topic.is_unit:
        for value in topic.sendable:
            for other in topic.values:
                yield topic.documented(value, topic.place, times_of=other)

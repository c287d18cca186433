"""Changes: what of a sample is set otherwise, and how its target then answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weather(StrEnum):
    """How the target answers; some options only show when it does not do so at once."""

    CLEAR = "clear"
    SLOW = "slow"
    """Every answer comes late."""
    BUSY = "busy"
    """The first request is answered with 503; the others are not."""


_WORDS = {Weather.CLEAR: "", Weather.SLOW: "answers come late", Weather.BUSY: "the first request is answered with 503"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Equal changes of one base are one run."""

    settings: tuple[tuple[str, str | None], ...] = ()
    """Options, and what they are set to, in the sample's own language; None leaves an option out."""
    weather: Weather = Weather.CLEAR
    again: bool = False
    """Whether it is the second run of the same, which tells a difference from chance."""

    def __str__(self) -> str:
        said = [f"{name} left out" if literal is None else f"{name} = {literal}" for name, literal in self.settings]
        said += [_WORDS[self.weather]] if self.weather is not Weather.CLEAR else []
        said += ["again"] if self.again else []
        return ", ".join(said) or "as it is"


AS_IT_IS = Change()

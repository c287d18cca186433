"""How far two words are apart, and which known word a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def distance(one: str, other: str, limit: int = 2) -> int:
    """Edits between two words, neighbours swapped counting as one (optimal string alignment).

    `limit + 1` stands for anything above `limit`.

    ```python
    from docwitness.spelling import distance

    print(distance("bash", "bsah"), distance("bash", "batch"), distance("bash", "toml"))
    #> 1 2 3
    ```
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, a in enumerate(one, 1):
        now = [row]
        for column, b in enumerate(other, 1):
            edits = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (a != b))
            if row > 1 and column > 1 and a == other[column - 2] and one[row - 2] == b:
                edits = min(edits, before[column - 2] + 1)
            now.append(edits)
        if min(now) > limit:
            return limit + 1
        before, last = last, now
    return min(last[-1], limit + 1)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether the distance is exactly 1; much quicker than measuring it."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if one == other or len(longer) - len(shorter) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    rest, other_rest = longer[start:], shorter[start:]
    if len(rest) > len(other_rest):
        return rest[1:] == other_rest
    return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])


def meant(word: str, known: Iterable[str], limit: int = 2) -> str | None:
    """The known word nearest to `word`; None when none is within `limit` edits, or when nothing of a short word would be left."""
    best: tuple[int, str] | None = None
    for candidate in known:
        allowed = min(limit, 1 if len(candidate) <= 4 else limit)
        edits = distance(word.casefold(), candidate.casefold(), allowed)
        if edits <= allowed and (best is None or (edits, candidate) < best):
            best = (edits, candidate)
    return best[1] if best else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'NAME'?)`, or nothing."""
    candidate = meant(word, known)
    return f" (did you mean {candidate!r}?)" if candidate else ""

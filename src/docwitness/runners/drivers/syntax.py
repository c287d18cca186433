"""Parses Python samples without running any: a JSON file of texts by id in, `[line, message]` of the faulty ones by id out.

It is run by the interpreter of the samples, so it needs the standard library only, and nothing newer than Python 3.8.
"""

import json
import sys


def main() -> None:
    """The file is the first argument."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123
        texts = json.load(file)
    faults = {}
    for name, text in texts.items():
        try:
            compile(text, "sample.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            faults[name] = [error.lineno, f"{type(error).__name__}: {error.msg}"]
        except (ValueError, RecursionError, MemoryError) as error:
            faults[name] = [None, f"{type(error).__name__}: {error}"]
    json.dump(faults, sys.stdout)


if __name__ == "__main__":
    main()

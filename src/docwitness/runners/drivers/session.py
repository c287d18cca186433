"""The interpreter of a Python session: runs the files whose paths it reads, one a line, in one namespace, as a prompt would.

It is run as a script by the interpreter of the samples, so it needs the standard library only, and nothing newer than Python 3.8.
"""

import contextlib
import io
import os
import sys
import traceback
import types


def main() -> None:
    """Reads the mark that ends each output, then paths, until its input ends; `SystemExit` ends it, as at a prompt."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    stdout, stderr = os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.path[0] = os.getcwd()  # noqa: PTH109
    sys.argv = [""]
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    mark = requests.readline().strip()
    for line in requests:
        status = run(line.rstrip("\n"), module)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):  # the sample may have closed or replaced it
                stream.flush()
        os.write(stdout, f"{mark} {status}\n".encode())
        os.write(stderr, f"{mark}\n".encode())


def run(path: str, module: types.ModuleType) -> int:
    """The exit status that the file would have as a script."""
    try:
        with io.open_code(path) as file:
            code = compile(file.read(), path, "exec")
        exec(code, module.__dict__)  # noqa: S102
    except Exception as error:  # noqa: BLE001
        # The frame of this function is no part of the sample's traceback.
        behind = error.__traceback__.tb_next if error.__traceback__ else None
        traceback.print_exception(type(error), error, behind)
        return 1
    return 0


if __name__ == "__main__":
    main()

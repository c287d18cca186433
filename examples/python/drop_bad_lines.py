"""Leaves out the line that the server blames, until what is left is accepted."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

URL = "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME"
HEADERS = {"Authorization": "Bearer DATABASE_TOKEN"}


def bad_line(lines: list[str]) -> int | None:
    """Writes the lines; the number of the first bad one if they are refused."""
    request = Request(URL, data="\n".join(lines).encode(), headers=HEADERS)
    try:
        urlopen(request).close()
    except HTTPError as answer:
        error = json.load(answer)
        if "line" not in error:
            raise
        return error["line"]
    return None


lines = [
    "home,room=Kitchen temp=21.5",
    "home,room=Hall temp=",
    "home,room=Attic temp=17.0",
    "home,room= temp=12.5",
]
while lines and (number := bad_line(lines)):
    print("left out:", lines.pop(number - 1))
print("written:", len(lines))

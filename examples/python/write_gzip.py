"""Sends a file of line protocol gzipped."""

import gzip
from pathlib import Path
from urllib.request import Request, urlopen

request = Request(
    "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
    data=gzip.compress(Path("home.lp").read_bytes()),
    headers={
        "Authorization": "Bearer DATABASE_TOKEN",
        "Content-Encoding": "gzip",
    },
)
with urlopen(request) as response:
    print(response.status)

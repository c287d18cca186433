"""Sends good and bad lines to a database that has partial writes."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

lines = [
    "home,room=Kitchen temp=21.5 1735545600",
    "home,room=Hall temp= 1735545600",
    "home,room=Attic temp=17.0 1735545600",
    "home,room= temp=12.5 1735545600",
]
request = Request(
    "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
    data="\n".join(lines).encode(),
    headers={"Authorization": "Bearer DATABASE_TOKEN"},
)
try:
    urlopen(request).close()
except HTTPError as answer:
    print(json.load(answer)["message"])

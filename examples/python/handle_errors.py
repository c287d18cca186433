"""Reads the JSON of an error."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

request = Request(
    "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
    data=b"home,room=Kitchen temp=21.5 1735545600\nhome,room=Hall temp= 1735545600",
    headers={"Authorization": "Bearer DATABASE_TOKEN"},
)
try:
    with urlopen(request):
        print("stored")
except HTTPError as answer:
    error = json.load(answer)
    print(f"refused ({error['code']}), first bad line: {error.get('line')}")

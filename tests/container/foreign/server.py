"""A server that is not ours: takes writes to one database with one token, and keeps them in /srv."""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

POINTS = Path("/srv/points")
DATABASE = sys.argv[1].removeprefix("--database=")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200 if self.path == "/ready" else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] != f"Bearer {os.environ['TOKEN']}":
            return self.answer(401)
        if parse_qs(urlsplit(self.path).query).get("bucket") != [DATABASE]:
            return self.answer(404)
        with POINTS.open("ab") as points:
            points.write(body)
        return self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()


HTTPServer(("", 9000), Handler).serve_forever()

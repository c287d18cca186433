"""The delete endpoint, which is there to be refused as the original router refuses it."""

from __future__ import annotations

from docwitness.server.asgi import Response
from docwitness.server.endpoint import Call
from docwitness.server.errors import DELETES


async def refuse(_call: Call) -> Response:
    """`POST /api/v2/delete`: the original router answers 501, which leaves it as 500."""
    raise DELETES.error()

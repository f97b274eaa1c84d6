"""Pages and styles travel compressed: a village phone pays for every kilobyte."""

from __future__ import annotations

import gzip

from flask import Request, Response

#: Below this many bytes the head of a compressed answer costs more than it saves.
_WORTH_IT = 1_000
_KINDS = ("text/", "application/json", "application/javascript", "application/manifest+json", "image/svg+xml")
#: Static files are compressed once: entity tag -> bytes. There are a few dozen of them.
_pressed: dict[str, bytes] = {}


def press(request: Request, response: Response) -> Response:
    """The response, compressed when the browser can read that and it is worth it.

    Cookies are SameSite=Lax, so no other site can make a signed-in browser fetch pages and watch their lengths.
    """
    if not (response.mimetype or "").startswith(_KINDS):
        return response
    response.vary.add("Accept-Encoding")
    readable = request.accept_encodings.quality("gzip") > 0
    if not readable or response.status_code != 200 or response.content_encoding or request.method == "HEAD":
        return response
    tag = response.get_etag()[0] if response.is_streamed else None
    if tag and tag in _pressed:
        content = _pressed[tag]
    else:
        response.direct_passthrough = False
        plain = response.get_data()
        if len(plain) < _WORTH_IT:
            return response
        content = gzip.compress(plain, 9 if tag else 4, mtime=0)
        if tag:
            _pressed[tag] = content
    response.direct_passthrough = False
    response.set_data(content)
    response.content_encoding = "gzip"
    return response

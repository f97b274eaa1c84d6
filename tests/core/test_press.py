"""Pages and styles travel compressed, and come out as they went in."""

import gzip

from partyreg.access import Role


def test_a_page_is_compressed_for_who_can_read_it(as_):
    browser = as_(Role.ORGANISATION)
    packed = browser.get("/rights", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(packed.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    plain = browser.get("/rights")
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_style_is_compressed_once_and_stays_whole(client, app):
    address = "/static/css/app.css"
    plain = client.get(address).data
    first, second = (client.get(address, headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.headers["Content-Encoding"] == second.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == gzip.decompress(second.data) == plain
    assert len(first.data) < len(plain) / 2


def test_files_and_small_answers_travel_as_they_are(as_, client):
    zipped = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in client.get("/healthz", headers=zipped).headers
    assert "Content-Encoding" not in as_(Role.ORGANISATION).get("/members/export.xlsx", headers=zipped).headers

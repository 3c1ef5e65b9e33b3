"""The headers of a record: what fastwarc says of them, asked for less often."""

from __future__ import annotations

import io

from fastwarc.warc import HeaderMap
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.archives.responses import _http, by_name

NAMES = ("Content-Type", "content-type", "ETag", "WARC-Block-Digest", "WARC-Bloc\u212a-Digest")
LINES = st.lists(
    st.sampled_from(
        [
            b"Content-Type: text/html",
            b"content-type: a",
            b"ETag: x",
            b" more",
            b"\tmore",
            b"ETag:",
            b": x",
            b"no value",
            b"\xff: y",
            b"ETag: \xe9\xff",
            b"Bad\0: z",
            b"\n",
            b"\r",
            b"",
        ]
    ),
    max_size=8,
)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text("abc é", max_size=3)), max_size=6))
def test_each_name_has_the_value_that_fastwarc_gives(sent: list[tuple[str, str]]) -> None:
    headers = HeaderMap("utf-8")
    for name, value in sent:
        headers.append(name, value)

    found = by_name(headers)

    for name in NAMES[:-1]:
        assert found.get(name.lower()) == headers.get(name)


@given(LINES, st.binary(max_size=40), st.sampled_from([b"200 OK", b"", b"999", b"x"]))
def test_the_headers_end_where_fastwarc_ends_them(
    lines: list[bytes], body: bytes, status: bytes
) -> None:
    block = b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"", body])
    headers = HeaderMap("latin1")
    size = headers.parse(io.BytesIO(block), True)

    http, rest = _http(block)

    assert http is not None
    assert (http.status, http.headers) == (headers.status_code, by_name(headers))
    assert rest == block[size:]

"""Who may ask for a page, what may be asked, and what a browser may do with the answer."""

from __future__ import annotations

import pytest

from tests.web.conftest import Get


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example",
     "127.0.0.2", "", "127.0.0.1:8765:1", "localhost\t", "[::1]:8765"],
)  # fmt: skip
def test_a_name_that_was_pointed_at_this_machine_is_not_answered(get: Get, host: str) -> None:
    for path in ("/", "/hanicrawler/articles.json", "/paper/style.css"):
        got = get(path, Host=host)

        assert got.status == 421
        assert got.text == "This archive answers to 127.0.0.1 and localhost.\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1", "LOCALHOST"])
def test_the_machines_own_names_are_answered(get: Get, host: str) -> None:
    assert get("/", Host=host).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/hanicrawler", "/-/messages", "/-/permissions"])
def test_nothing_is_asked_but_to_read(get: Get, method: str, path: str) -> None:
    got = get(path, method)

    assert got.status == 405
    assert got.headers["allow"] == "GET, HEAD"


PATHS = (
    "/",
    "/article/1",
    "/article/999999",
    "/nothing",
    "/paper/style.css",
    "/hanicrawler",
    "/hanicrawler/articles",
    "/hanicrawler.json?sql=nonsense",
    "/-/versions",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_tells_the_browser_what_it_may_do(get: Get, path: str) -> None:
    headers = get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/article/1", "/dates", "/authors", "/trends", "/nothing"])
def test_a_page_of_ours_has_no_script_and_may_run_none(get: Get, path: str) -> None:
    got = get(path)

    assert "script-src" not in got.headers["content-security-policy"]
    assert not [tag for tag, _ in got.tags if tag == "script"]
    assert not [name for _, found in got.tags for name in found if name.startswith("on")]
    assert not [found for _, found in got.tags if "style" in found]


def test_an_address_that_begins_with_two_slashes_leads_nowhere_else(get: Get) -> None:
    got = get("http://localhost//evil.example/")

    assert got.status == 404
    assert "location" not in got.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["no-cors", "cors"])
def test_no_page_of_another_site_may_ask_for_anything(get: Get, site: str, mode: str) -> None:
    got = get("/hanicrawler.json?sql=select+1", **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})

    assert got.status == 403
    assert got.text == "No page of another site may ask here.\n"


@pytest.mark.parametrize(
    ("site", "mode"),
    [("cross-site", "navigate"), ("none", "navigate"), ("same-origin", "no-cors"),
     ("same-origin", "cors")],
)  # fmt: skip
def test_a_link_from_elsewhere_and_our_own_pages_are_answered(
    get: Get, site: str, mode: str
) -> None:
    assert get("/", **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}).status == 200

from hanicrawler.pages.mapping import Mapping
from hanicrawler.site import Root

BASE = "https://www.hani.co.kr/arti/politics/assembly/1.html"
ROOT = Mapping(Root.parse("http://127.0.0.1:8000"))


def test_without_a_root_a_page_stays_as_it_is() -> None:
    body = b'<a href="http://127.0.0.1:8000/arti/politics/2.html">'

    assert Mapping(None).page(body, BASE) is body


def test_links_that_name_the_root_are_the_sites() -> None:
    body = b'<a href="http://127.0.0.1:8000/arti/english_edition/e_x/2.html?a=1">x</a>'

    assert ROOT.page(body, BASE) == (
        b'<a href="https://english.hani.co.kr/arti/english_edition/e_x/2.html?a=1">x</a>'
    )


def test_links_without_a_scheme_are_the_sites_too() -> None:
    assert ROOT.page(b"<img src='//127.0.0.1:8000/imgdb/1.jpg'>", BASE) == (
        b"<img src='https://www.hani.co.kr/imgdb/1.jpg'>"
    )


def test_links_inside_json_keep_their_escaped_slashes() -> None:
    assert ROOT.page(rb'{"url":"http:\/\/127.0.0.1:8000\/arti\/politics\/2.html"}', BASE) == (
        rb'{"url":"https:\/\/www.hani.co.kr\/arti\/politics\/2.html"}'
    )


def test_another_port_is_another_root() -> None:
    body = b'<a href="http://127.0.0.1:80001/arti/politics/2.html">'

    assert ROOT.page(body, BASE) == body


def test_bytes_of_any_charset_pass_unharmed() -> None:
    body = '한겨레 <a href="http://127.0.0.1:8000/">'.encode("cp949")

    assert ROOT.page(body, BASE) == '한겨레 <a href="https://www.hani.co.kr/">'.encode("cp949")

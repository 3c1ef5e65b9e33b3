"""The archive in a real browser, from the command on: search, open, follow, compare, look."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from hanicrawler.items import Byline, Image, StoryLink
from hanicrawler.storage import Writer, database_url, open_database
from tests.cli.scheduling import program
from tests.storage.conftest import make
from tests.waiting import HANGS
from tests.web.serving import Served, served
from tests.web.test_hostile import EVIL, OVERRIDE, hostile

pytestmark = pytest.mark.slow

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # it runs as root in a container
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Whatever it wants beside this machine is not there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PAGES = (
    "/", "/search?q=bathhouse", "/article/1", "/article/2/history", "/dates?in=2024", "/authors",
    "/edits", "/trends", "/translations", "/hanicrawler", "/hanicrawler/articles",
    "/hanicrawler/who-covers",
)  # fmt: skip
DESKTOP = (1280, 900)
PHONE = (360, 740)


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """A browser that can reach nothing but this machine."""
    options = Options()
    options.binary_location = program("chromium", "chromium")
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(program("chromedriver", "chromium-driver"))
    browser = webdriver.Chrome(options=options, service=service)
    browser.set_page_load_timeout(HANGS)
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def site(crawled_file: Path) -> Iterator[Served]:
    """The invented newspaper's archive, served by the command."""
    with served(str(crawled_file)) as serving:
        yield serving


class Reader:
    """Somebody before the browser."""

    def __init__(self, driver: webdriver.Chrome, site: Served) -> None:
        self.driver = driver
        self.site = site
        self.size(*DESKTOP)
        driver.get_log("performance")
        driver.get_log("browser")

    def size(self, width: int, height: int) -> None:
        values = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", values)

    def open(self, path: str) -> None:
        self.driver.get(f"{self.site.address.rstrip('/')}{path}")

    def see(self, css: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Wait until what was done meanwhile has led to another page, and that page is there.

        The browser's own waiting begins only when it has begun to leave.
        """
        here = self.see("html")
        yield
        wait = WebDriverWait(self.driver, HANGS)
        wait.until(staleness_of(here))
        wait.until(lambda driver: driver.execute_script("return document.readyState") == "complete")

    def follow(self, css: str) -> None:
        """Click on what leads to another page."""
        with self.leaving():
            self.see(css).click()

    @property
    def path(self) -> str:
        parts = urlsplit(self.driver.current_url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def asked(self) -> set[str]:
        """Return the hosts that anything was asked of, since the last time."""
        events = [
            json.loads(each["message"])["message"] for each in self.driver.get_log("performance")
        ]
        return {
            urlsplit(event["params"]["request"]["url"]).netloc
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        } - {""}

    def complaints(self) -> list[str]:
        """Return what the browser wrote into its console: errors, refusals of the policy."""
        return [each["message"] for each in self.driver.get_log("browser")]

    def alerted(self) -> bool:
        try:
            self.driver.switch_to.alert.dismiss()
        except NoAlertPresentException:
            return False
        return True


@pytest.fixture
def reader(driver: webdriver.Chrome, site: Served) -> Reader:
    return Reader(driver, site)


def test_a_reader_searches_opens_an_article_and_follows_a_related_story(reader: Reader) -> None:
    reader.open("/")
    with reader.leaving():
        reader.see("#find").send_keys("bathhouse winter", Keys.ENTER)

    assert reader.path.startswith("/search?q=bathhouse+winter")
    assert {mark.text for mark in reader.all("mark")} >= {"bathhouse", "winter"}
    reader.follow("section[aria-label=Results] h2 a")

    assert reader.path.startswith("/article/")
    assert "bathhouse" in reader.see("h1").text
    assert len(reader.all(".text p")) > 3
    first = reader.path
    reader.follow("#related + ul a[href^='/article/']")

    assert reader.path.startswith("/article/")
    assert reader.path != first
    assert [
        link for link in reader.all("#named + ul a") if link.get_attribute("href").endswith(first)
    ]


def test_a_reader_sees_what_was_changed_in_silence(reader: Reader) -> None:
    reader.open("/")
    reader.follow("#edited + ul a")

    assert reader.path.endswith("/history")
    changed = reader.see("ins")
    assert changed.is_displayed()
    assert changed.value_of_css_property("background-color") != "rgba(0, 0, 0, 0)"
    assert reader.see(".tag.silent").text == "changed silently"


def test_a_reader_looks_at_a_chart_and_goes_into_it(reader: Reader) -> None:
    reader.open("/dates")
    drawn = [bar for bar in reader.all(".chart .wide rect[class^=k]") if bar.is_displayed()]
    assert len(drawn) > 10
    assert min(bar.size["height"] for bar in drawn) > 3
    assert not reader.see(".chart .narrow").is_displayed()
    reader.follow(".chart .wide a[href='/dates?in=2024'] rect[class^=k]")

    assert reader.see("h1").text == "2024"
    reader.follow(".chart .wide a[href='/dates?in=2024-06'] rect[class^=k]")

    assert reader.see("h1").text == "June 2024"
    reader.follow(".chart .wide a[href^='/search'] rect[class^=k]")

    assert reader.path.startswith("/search?since=2024-06-")
    assert reader.all("section[aria-label=Results] article")


def test_the_way_of_the_rankings_is_drawn(reader: Reader) -> None:
    reader.open("/trends")

    lines = [line for line in reader.all(".chart path.line") if line.is_displayed()]
    assert len(lines) >= 5
    assert all(line.value_of_css_property("stroke") != "none" for line in lines)


def test_no_page_asks_anything_of_anybody_else_or_breaks_its_own_rules(reader: Reader) -> None:
    reader.asked()
    for path in PAGES:
        reader.open(path)

    assert reader.asked() == {urlsplit(reader.site.address).netloc}
    assert reader.complaints() == []


def test_no_page_is_wider_than_a_phone(reader: Reader) -> None:
    reader.size(*PHONE)
    for path in PAGES:
        reader.open(path)
        width = reader.driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= PHONE[0], path
        assert reader.see("h1").is_displayed(), path


def test_every_page_of_the_menu_is_in_sight_on_a_phone(reader: Reader) -> None:
    reader.size(*PHONE)
    reader.open("/")

    ends = [link.rect["x"] + link.rect["width"] for link in reader.all(".menu a")]
    assert len(ends) == 8
    assert max(ends) <= PHONE[0]


def test_a_word_without_an_end_makes_no_page_wider(
    driver: webdriver.Chrome, tmp_path: Path, migrated_file: Path
) -> None:
    word = "W" * 180
    byline = Byline(name=word, language="en", role=word, place=word)
    article = make(
        section_name=word, label=word, headline=word, deck=word, body=f"{word}\n\n{word}",
        authors=(byline,), images=(Image(url=f"https://x.example/{word}", caption=word),),
        related=(StoryLink(url=f"https://x.example/{word}", headline=word),),
    )  # fmt: skip
    file = tmp_path / "hani.db"
    shutil.copy(migrated_file, file)
    engine = open_database(database_url(str(file)))
    Writer(engine, None).write([article])
    engine.dispose()
    with served(str(file)) as site:
        reader = Reader(driver, site)
        for width in (PHONE[0], DESKTOP[0]):
            reader.size(width, 900)
            for path in ("/", "/search", f"/search?q={word}", "/article/1", "/authors",
                         f"/author?name={word}", "/article/1/history"):  # fmt: skip
                reader.open(path)
                wide = reader.driver.execute_script("return document.documentElement.scrollWidth")
                assert wide <= width, path


def test_a_page_is_used_by_keyboard_alone(reader: Reader) -> None:
    reader.open("/")
    reader.see("body").send_keys(Keys.TAB)
    focused = reader.driver.switch_to.active_element
    assert focused.text == "To the text"
    assert focused.location["x"] >= 0
    focused.send_keys(Keys.ENTER)
    reader.driver.switch_to.active_element.send_keys(Keys.TAB)
    focused = reader.driver.switch_to.active_element
    outline = focused.value_of_css_property("outline-style")

    assert outline == "solid"
    assert focused.find_element(By.XPATH, "ancestor::main")


def test_by_night_the_page_is_dark(reader: Reader) -> None:
    def paper(scheme: str) -> int:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        colour = reader.see("body").value_of_css_property("background-color")
        return sum(int(part) for part in colour.strip("rgba()").split(",")[:3])

    reader.open("/")

    assert paper("dark") < 150
    assert paper("light") > 600


def test_hostile_words_stay_text_in_a_browser(
    driver: webdriver.Chrome, tmp_path: Path, migrated_file: Path
) -> None:
    file = tmp_path / "hostile.db"
    shutil.copy(migrated_file, file)
    engine = open_database(database_url(str(file)))
    writer = Writer(engine, None)
    writer.write([make(**{"source_id": 1, **hostile()})])
    writer.write([make(**{"source_id": 1, **hostile(), "headline": f"{EVIL} anew {OVERRIDE}"})])
    engine.dispose()
    with served(str(file)) as site:
        reader = Reader(driver, site)
        for path in (
            "/", "/search?q=alert", "/article/1", "/article/1/history", "/edits", "/authors",
            "/hanicrawler/articles?_facet=label", "/hanicrawler/images",
        ):  # fmt: skip
            reader.open(path)

            assert not reader.alerted(), path
            assert not reader.all("main img, main script[src^='http'], main iframe"), path
            for link in reader.all("main a"):
                address = link.get_attribute("href") or ""
                assert urlsplit(address).scheme in ("http", "https"), (path, address)
        reader.open("/article/1")

        assert reader.see("h1").text.startswith("<script>alert(1)</script><img src=x onerror=")
        assert reader.asked() == {urlsplit(site.address).netloc}
        assert reader.complaints() == []


def test_the_browser_could_not_have_reached_the_internet(reader: Reader) -> None:
    """That nothing outside was asked is worth something only where asking would have shown."""
    reader.asked()
    reader.driver.execute_script(
        "const image = new Image(); image.src = 'http://outside.example/a.png'"
    )
    reader.driver.get("data:text/html,<img src='http://outside.example/b.png'>")

    assert "outside.example" in reader.asked()

from hanicrawler.site import ArticleAddress
from hanicrawler.spiders.arguments import Section
from hanicrawler.spiders.lists import SectionLists, of_section

NATIONAL = Section("en", "e_national")
FRONT = "https://english.hani.co.kr/arti/english_edition/e_national"


def lists() -> SectionLists:
    return SectionLists(NATIONAL, None, asked=True)


def test_todays_form_is_tried_where_the_page_names_no_other() -> None:
    section = lists()

    assert section.turn() == f"{FRONT}?page=1"
    assert section.turn() == f"{FRONT}?page=2"


def test_the_form_is_taken_from_the_pages_own_links() -> None:
    section = lists()
    section.learn([f"{FRONT}/list2.html", f"{FRONT}/list3.html"])

    assert section.turn() == f"{FRONT}/list1.html"
    assert section.try_older_form() is None


def test_a_form_that_is_known_is_not_changed_by_later_pages() -> None:
    section = lists()
    section.learn([f"{FRONT}?page=2"])
    section.learn([f"{FRONT}/list2.html"])

    assert section.turn() == f"{FRONT}?page=1"


def test_the_older_form_is_tried_once_when_the_guess_gave_nothing() -> None:
    section = lists()
    section.turn()

    assert section.try_older_form() == f"{FRONT}/list1.html"
    assert not section.repeating
    assert section.try_older_form() is None


def test_after_a_guess_that_repeats_itself_the_older_forms_first_page_may_repeat_too() -> None:
    section = lists()
    section.turn()
    section.turn()

    assert section.try_older_form() == f"{FRONT}/list1.html"
    assert section.repeating


def test_a_guess_that_has_held_for_two_pages_is_no_guess() -> None:
    section = lists()
    for _ in range(3):
        section.turn()

    assert section.try_older_form() is None


def address(section: str | None, number: int) -> ArticleAddress:
    return ArticleAddress("en", section, number)


def test_a_list_page_names_other_sections_articles_beside_its_own() -> None:
    own = [address("e_national", 1), address("e_national", 2), address(None, 3)]

    assert of_section([*own, address("e_business", 4)], NATIONAL) == own


def test_a_renamed_section_is_known_by_what_most_links_say() -> None:
    renamed = [address("english_editorials", number) for number in range(5)]
    section = Section("en", "e_editorial")

    assert of_section([*renamed, address("e_business", 9)], section) == renamed

"""The words English bylines are made of: titles, beats, places, agencies.

Closed lists, because a byline is told from a sentence by its words.  Everything is in lower
case; a word is looked up in lower case too.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


NEWSROOM: Final = _words(
    "reporter writer correspondent photographer editor editorialist columnist intern journalist"
    " photojournalist videographer cartoonist producer"
)
"""What the newspaper's own people are: the last word of their titles."""

TITLES: Final = NEWSROOM | _words(
    "professor lecturer researcher scholar economist historian sociologist novelist poet author"
    " critic director president vice-president chairman chairwoman chairperson chair chief"
    " commissioner minister ambassador diplomat lawyer attorney prosecutor activist advocate"
    " analyst expert specialist strategist adviser advisor consultant secretary"
    " secretary-general representative member executive manager founder co-founder publisher"
    " translator student freelancer fellow dean head judge lawmaker politician senator governor"
    " mayor doctor physician scientist engineer teacher principal priest pastor monk nun father"
    " bishop commander officer veteran worker farmer artist painter designer architect filmmaker"
    " actor composer musician singer ceo coordinator spokesperson speaker leader deputy"
    " ombudsman superintendent legislator aide envoy undersecretary treasurer registrar"
    " anchor broadcaster entrepreneur philosopher theologian psychologist psychiatrist"
    " anthropologist counselor planner curator visiting emeritus contributor interpreter"
    " commentator essayist playwright screenwriter blogger podcaster youtuber documentarian"
    " pianist violinist dancer choreographer chef linguist physicist biologist astronomer"
    " mathematician geographer archaeologist criminologist ecologist epidemiologist veterinarian"
    " nurse pharmacist accountant librarian archivist cinematographer illustrator copywriter"
    " campaigner organizer councilor"
)
"""What anybody else is."""

TITLES_ALSO_NAMES: Final = _words(
    "dean head judge fellow bishop father chair chief governor mayor major speaker anchor"
    " painter farmer priest monk nun officer author page visiting"
)
"""Titles that are somebody's name when capitalised: ``Dean Baker``."""

INSTITUTIONS: Final = _words(
    "university college institute institution school center centre foundation association"
    " ministry hospital council committee party assembly academy research studies network bank"
    " corporation society forum department faculty office agency commission organization"
    " laboratory lab museum library court embassy federation alliance coalition newspaper press"
    " times news post daily magazine hankyoreh broadcasting politics relations affairs economics"
    " sciences science history philosophy sociology government administration republic union"
    " kaist postech snu kist kdi hankyoreh21"
)
"""Words of an affiliation, which follows a name or a title and is no person."""

BEATS: Final = _words(
    "senior junior chief special staff diplomatic diplomacy political politics military defense"
    " defence security business economic economy economics industry financial finance labor"
    " labour legal justice court law religion religious culture cultural arts art sports sport"
    " science environment environmental climate health medical education international foreign"
    " national domestic world global unification north-south inter-korean peace human-rights"
    " gender women society social media technology tech digital data investigative roving"
    " traveling travelling freelance war food book books film movie music food housing"
    " transportation transport agriculture energy city metro local regional area"
    " korea house assembly ministry parliament parliamentary presidential pentagon congress"
    " congressional office un u.n. nato eu imf wto ai it desk team affairs news issue issues"
    " policy photo video feature features opinion editorial contributing acting general lead"
    " principal assistant associate deputy former guest student intern trainee"
)
"""What a correspondent covers or is, when it is no place: ``Blue House correspondent``."""

RANKS: Final = _words("senior chief acting special new temporary staff roving")
"""Lower-case words that may stand before a correspondent's place."""

DIRECTIONS: Final = _words("north south east west northern southern eastern western central")

PLACES: Final = _phrases(
    "washington, new york, los angeles, san francisco, chicago, boston, beijing, shanghai,"
    " shenyang, dandong, yanji, hong kong, taipei, tokyo, osaka, kyoto, hanoi, singapore,"
    " bangkok, jakarta, manila, new delhi, kuala lumpur, phnom penh, moscow, vladivostok, berlin,"
    " paris, london, brussels, geneva, vienna, rome, madrid, warsaw, kyiv, kiev, istanbul, cairo,"
    " jerusalem, dubai, sydney, pyongyang, kaesong, seoul, busan, incheon, daegu, daejeon,"
    " gwangju, ulsan, sejong, suwon, uijeongbu, paju, goyang, seongnam, ansan, chuncheon,"
    " gangneung, wonju, sokcho, goseong, cheongju, jecheon, cheonan, jeonju, gunsan, iksan,"
    " mokpo, yeosu, suncheon, jindo, andong, pohang, gumi, gimcheon, seongju, changwon, jinju,"
    " geoje, miryang, jeju, seogwipo, gangwon, gyeonggi, north gyeonggi, south gyeonggi,"
    " north chungcheong, south chungcheong, north jeolla, south jeolla, north gyeongsang,"
    " south gyeongsang, honam, yeongnam"
)
"""Places that may stand alone behind a title: ``staff reporter, Tokyo``."""

AGENCIES: Final = _phrases(
    "yonhap, yonhap news, yonhap news agency, yonhap news tv, newsis, news1, news 1, nocut news,"
    " ap, ap news, associated press, the associated press, reuters, reuters news, afp,"
    " agence france-presse, upi, epa, bloomberg, bloomberg news, kcna,"
    " korean central news agency, the korean central news agency, xinhua, xinhua news agency,"
    " kyodo, kyodo news, kyodo news agency, jiji press, tass, itar-tass, sputnik, ria novosti,"
    " interfax, dpa, ans, getty images, zuma, zuma press, sipa, nurphoto, imaginechina,"
    " rodong sinmun, korean central tv, kctv, oh my news, ohmynews, pressian, global voices,"
    " project syndicate, the guardian, le monde diplomatique, eyepress"
)

MAGAZINES: Final = _phrases(
    "hankyoreh 21, hankyoreh21, cine21, cine 21, economy insight, huffpost korea,"
    " huffington post korea"
)
"""The newspaper's sister papers: behind a comma, where the person before works."""

EMPLOYER: Final = _phrases("hankyoreh, the hankyoreh")
"""The newspaper itself, which is no part of a title."""

DESK_WORDS: Final = _words(
    "hankyoreh english edition digital online news international editorial national business"
    " economy politics political culture sports photo graphics special coverage reporting"
    " investigative features opinion social society the staff joint press pool climate change"
    " service"
)
DESKS: Final = _words(
    "desk team staff board department editors reporters writers corps room newsroom office"
)
"""Last word of a collective: ``Hankyoreh editorial board``."""

REGIONS: Final = _words("province county prefecture district city")
"""Last word of what a place lies in: ``Paju, Gyeonggi Province``."""

NOT_NAMES: Final = INSTITUTIONS | _words(
    "january february march july september october november december"
    " monday tuesday wednesday thursday friday saturday sunday"
    " north south korea korean koreans america american china chinese japan japanese russia"
    " states united nations house day year eve christmas chuseok the a an and or but as of at in"
    " on for to from with by this that these those it its his her their our my your he she they"
    " we all both many most some republic peninsula strait summit war agreement declaration"
    " article act treaty group inc corp ltd photo photos staff correspondents reporters"
    " president chairman minister premier leader rep gov sen gen adm col dr mr mrs ms mt prof"
    " province county prefecture district metropolitan"
    " when if while after before during since until then there here what who how why"
)
"""Words no person's name has."""

NOT_IN_TITLES: Final = _words(
    "is was were are be been being am has had have having do does did will would shall should"
    " can could may might must said says say told tells that which who whom whose what when"
    " where why how it its they them their he him she we our you your i this these those there"
    " not no if because although while after before during since until than then also only just"
    " more most very about against"
)
"""Words that make it a sentence."""

PARTICLES: Final = _words(
    "de da di du del della der den van von la le el al bin bint ibn ben dos das zu ter ten"
)


def _misspellings(word: str) -> set[str]:
    """Return *word* with one inner letter lost, one letter doubled, or two swapped."""
    lost = {word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)}
    doubled = {word[: at + 1] + word[at:] for at in range(len(word))}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return (lost | doubled | swapped) - {word}


SLIPS: Final[dict[str, str]] = {
    slip + plural: word + plural
    for word in ("reporter", "correspondent", "photographer", "writer", "staff", "senior")
    for slip in _misspellings(word)
    for plural in ("", "s")
    if not (plural and word in ("staff", "senior"))
} | {
    "seniors": "senior",
    "correspondant": "correspondent",
    "correspondants": "correspondents",
    "writter": "writer",
}
"""A misspelt word of a newsroom title to what it certainly is."""

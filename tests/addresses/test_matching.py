"""What a text means: one row a rule."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo_lookup import RequestError
from geo_lookup.addresses.matching import Matcher, MatchKind
from geo_lookup.addresses.normalise import LONGEST_TEXT, fold
from geo_lookup.addresses.splitting import CERTAIN, CLAIM

FOUND = [
    ("as the register writes it", "Noordlaan 112", "Noordlaan 112"),
    ("the number before the street", "112 Noordlaan", "Noordlaan 112"),
    ("the municipality after it", "Noordlaan 112 Genk", "Noordlaan 112"),
    ("the municipality before it", "Genk, Noordlaan 112", "Noordlaan 112"),
    ("the municipality before it, no comma", "Genk Noordlaan 112", "Noordlaan 112"),
    ("the postcode before it", "3600 Genk, Noordlaan 112", "Noordlaan 112"),
    ("the postcode with the country's letter", "Noordlaan 112, B-3600 Genk", "Noordlaan 112"),
    ("the country's letter with a space", "Noordlaan 112 B 3600 Genk", "Noordlaan 112"),
    ("the country's name", "Noordlaan 112, 3600 Genk, België", "Noordlaan 112"),
    ("in capitals", "NOORDLAAN 112 3600 GENK", "Noordlaan 112"),
    ("a sign before the number", "Noordlaan nr. 112", "Noordlaan 112"),
    ("'numara' before the number", "Noordlaan numara 112", "Noordlaan 112"),
    ("'nummer' before the number", "Noordlaan nummer 112", "Noordlaan 112"),
    ("on two lines", "Noordlaan 112\n3600 Genk", "Noordlaan 112"),
    ("somebody's name before it", "Jan Peeters, Noordlaan 112, 3600 Genk", "Noordlaan 112"),
    ("the number glued to the street", "Noordlaan112", "Noordlaan 112"),
    ("the number glued to a short form", "Noordln.112", "Noordlaan 112"),
    ("the number glued to its sign", "Noordlaan nr.112", "Noordlaan 112"),
    ("the number after a hash", "Noordlaan #112", "Noordlaan 112"),
    ("a building's name that is a village too", "Noordlaan 112 residentie De Linde", "Noordlaan 112"),
    ("such a building before the street", "residentie De Linde Noordlaan 112", "Noordlaan 112"),
    ("a side, which is like a village", "Noordlaan 112 rechts", "Noordlaan 112"),
    ("a part of a building, which is like a village too", "Noordlaan 112 achterbouw", "Noordlaan 112"),
    ("a building in French, which is like one as well", "Noordlaan 112 bâtiment B", "Noordlaan 112"),
    ("what is beside it", "Noordlaan 112 naast de bakker", "Noordlaan 112"),
    ("a name that is like a municipality", "Giuseppe Di Marco Noordlaan 112", "Noordlaan 112"),
    ("a village that is a street with its type", "Sint Jan Baptist plein 1", "Sint-Jan-Baptistplein 1"),
    ("a surname that is a village too", "Jan Berg, Noordlaan 112", "Noordlaan 112"),
    ("the province", "Noordlaan 112, Limburg", "Noordlaan 112"),
    ("a word of another language around it", "house Noordlaan 112", "Noordlaan 112"),
    ("words of a sentence around it", "ik woon in de Noordlaan 112 te Genk", "Noordlaan 112"),
    ("a neighbourhood after it", "Noordlaan 112 Winterslag", "Noordlaan 112"),
    ("a misspelt municipality", "Noordlaan 112 Gnek", "Noordlaan 112"),
    ("full-width digits", "Noordlaan \uff11\uff11\uff12", "Noordlaan 112"),
    ("letters and accents apart", "Evence Coppe\u0301elaan 10", "Evence Coppéelaan 10"),
    ("without accents", "Evence Coppeelaan 10", "Evence Coppéelaan 10"),
    ("a dotless i", "\u0130stanbulstraat 2", "Istanbulstraat 2"),
    ("a typographic apostrophe", "Max L\u2019Hoeststraat 11", "Max L'Hoeststraat 11"),
    ("no apostrophe", "Max Lhoeststraat 11", "Max L'Hoeststraat 11"),
    ("control characters between", "Noordlaan\x00\u200b 112", "Noordlaan 112"),
    ("str.", "Stationsstr. 8", "Stationsstraat 8"),
    ("str", "Stations str 8", "Stationsstraat 8"),
    ("st. glued", "Stationsst. 8", "Stationsstraat 8"),
    ("st. as a last word", "Stations st. 8", "Stationsstraat 8"),
    ("ln", "Noordln 112", "Noordlaan 112"),
    ("stwg", "Hasseltse stwg 4", "Hasseltsesteenweg 4"),
    ("steenw.", "Hasseltse steenw. 4", "Hasseltsesteenweg 4"),
    ("pl.", "St. Jan Baptistpl. 1", "Sint-Jan-Baptistplein 1"),
    ("St.-", "St.-Jan-Baptistplein 1", "Sint-Jan-Baptistplein 1"),
    ("Sint with spaces", "sint jan baptist plein 1", "Sint-Jan-Baptistplein 1"),
    ("O.L.V.", "O.L.V.-straat 3", "Onze-Lieve-Vrouwstraat 3"),
    ("O.-L.-Vrouw", "O.-L.-Vrouwstr. 3", "Onze-Lieve-Vrouwstraat 3"),
    ("OLV", "olv straat 3", "Onze-Lieve-Vrouwstraat 3"),
    ("Kon. for a king", "Kon. Boudewijnlaan 7", "Koning Boudewijnlaan 7"),
    ("Kon. for a queen", "Kon. Astridlaan 7", "Koningin Astridlaan 7"),
    ("Burg.", "Burg. Gerard Bijnenslaan 8", "Burgemeester Gerard Bijnenslaan 8"),
    ("Past.", "Past. Raeymaekersstraat 6", "Pastoor Raeymaekersstraat 6"),
    ("Dr. written out", "Dokter Loriersstraat 2", "Dr. Loriersstraat 2"),
    ("Dr without a dot", "Dr Loriersstraat 2", "Dr. Loriersstraat 2"),
    ("Prof.", "Prof. Van Overstraetenlaan 4", "Professor Van Overstraetenlaan 4"),
    ("Nwe", "Nwe Kuilenweg 20", "Nieuwe Kuilenweg 20"),
    ("a first name as its initial", "E. Van Dorenlaan 5", "Emiel Van Dorenlaan 5"),
    ("a first name left out", "Van Dorenlaan 5", "Emiel Van Dorenlaan 5"),
    ("a first name and its particle left out", "Dorenlaan 5", "Emiel Van Dorenlaan 5"),
    ("a title kept, a first name left out", "Burgemeester Bijnenslaan 8", "Burgemeester Gerard Bijnenslaan 8"),
    ("a particle joined", "Emiel Vandorenlaan 5", "Emiel Van Dorenlaan 5"),
    ("a compound word split", "Noord laan 112", "Noordlaan 112"),
    ("a place in a name split off", "hasselt weg 12", "Hasseltweg 12"),
    ("a name of words joined", "wegnaaras 12", "Weg naar As 12"),
    ("an article left out", "Wilgen 3", "De Wilgen 3"),
    ("the type left out", "Stations 8", "Stationsstraat 8"),
    ("the type left out after a name", "Van Doren 5", "Emiel Van Dorenlaan 5"),
    ("a number in the name as digits", "14 septemberlaan 3", "Veertien Septemberlaan 3"),
    ("a number in the name, and the same for the house", "14 septemberlaan 14", "Veertien Septemberlaan 14"),
    ("a king's number as a digit", "Leopold 3 laan 5", "Leopold III-laan 5"),
    ("a king's number as a word", "Leopold de derdelaan 5", "Leopold III-laan 5"),
    ("a king's number, and the same for the house", "Leopold III-laan 3", "Leopold III-laan 3"),
    ("a letter too few", "Nordlaan 112", "Noordlaan 112"),
    ("a letter too many", "Noorrdlaan 112", "Noordlaan 112"),
    ("another letter", "Noprdlaan 112", "Noordlaan 112"),
    ("two letters swapped", "Noodrlaan 112", "Noordlaan 112"),
    ("a type that is misspelt", "Noordlana 112", "Noordlaan 112"),
    ("a short name with a letter wrong", "Berkelaan 4", "Berkenlaan 4"),
    ("ei for ij, by ear", "Hijdestraat 6", "Heidestraat 6"),
    ("k for c, by ear", "Kokerilplaats 3", "Cockerillplaats 3"),
    ("ij for ei in the type, by ear", "Dalplijn 28", "Dalplein 28"),
    ("s for z and t for d, by ear", "Santstraat 15", "Zandstraat 15"),
    ("ae for aa, by ear", "Pastoor Raymakersstraat 6", "Pastoor Raeymaekersstraat 6"),
    ("misspelt, shortened and swapped at once", "3600 Genk 5 Emile v. Dorenln", "Emiel Van Dorenlaan 5"),
    ("a street that is called as a place is", "Weg naar As 12", "Weg naar As 12"),
    ("such a street misspelt", "Weg nar As 12", "Weg naar As 12"),
    ("a house number that looks like a postcode", "Thor Park 8300", "Thor Park 8300"),
    ("such a number with the city's own postcode", "Thor Park 8300, 3600 Genk", "Thor Park 8300"),
    ("a street that is called as a suffix is", "11 Ter Hoek", "Ter Hoek 11"),
    ("a street whose short form is a place elsewhere", "Boom 16, Genk", "Boomstraat 16"),
    ("a first word that makes it another street, misspelt", "Oudqe Zilverweg 4", "Oude Zilverweg 4"),
    ("a last word that makes it another street, misspelt", "Kleine Zilversyrtaat 6", "Kleine Zilverstraat 6"),
    ("a last word that is short for a title elsewhere", "Ter Kap 18", "Ter Kamp 18"),
    ("a last word that is a village elsewhere, beside our city", "Lange Eine 7, Genk", "Lange Einde 7"),
    ("a street that is heard, with a village elsewhere in it", "chroot donk 52", "Groot Donk 52"),
    ("a French name with its type left out", "de la Loi 16", "Rue de la Loi 16"),
    ("a French name shortened", "r. de la Loi 16", "Rue de la Loi 16"),
    ("one of two names a letter apart", "Mie 1", "Mie 1"),
    ("the other of these two", "Mee 1", "Mee 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_an_address_is_found(matcher: Matcher, text: str, label: str) -> None:
    match = matcher.match(text)
    assert [one.address.label() for one in match.candidates] == [f"{label}, 3600 Genk"]
    assert match.kind is MatchKind.ADDRESS
    assert {one.precision for one in match.candidates} == {"exact"}
    assert match.score >= CLAIM


NUMBERS = [
    ("a letter", "Stationsstraat 10A", "exact", ["10A"]),
    ("a letter after a space, small", "Stationsstraat 10 b", "exact", ["10B"]),
    ("bis", "Stationsstraat 14 bis", "exact", ["14bis"]),
    ("a range", "Stationsstraat 21-23", "exact", ["21-23"]),
    ("a number within a range", "Stationsstraat 23", "range_first", ["21-23"]),
    ("the first number of a range", "Stationsstraat 21", "range_first", ["21-23"]),
    ("a range of which one number is known", "Stationsstraat 3-5", "range_first", ["3"]),
    ("a box after a slash", "Noordlaan 112/2", "exact", ["112 bus 2"]),
    ("bus", "Noordlaan 112 bus 2", "exact", ["112 bus 2"]),
    ("bte", "Noordlaan 112 bte 2", "exact", ["112 bus 2"]),
    ("boîte", "Noordlaan 112 boîte 2", "exact", ["112 bus 2"]),
    ("b with the number glued", "Noordlaan 112 b2", "exact", ["112 bus 2"]),
    ("all glued", "Noordlaan 112b2", "exact", ["112 bus 2"]),
    ("app.", "Noordlaan 112 app. 2", "exact", ["112 bus 2"]),
    ("appt", "Noordlaan 112, appt 2", "exact", ["112 bus 2"]),
    ("daire, in Turkish", "Noordlaan No: 112 Daire: 2", "exact", ["112 bus 2"]),
    ("interno, in Italian", "Noordlaan 112 int. 2", "exact", ["112 bus 2"]),
    ("a box after a comma", "Noordlaan 112, bus 2, 3600 Genk", "exact", ["112 bus 2"]),
    ("a box told apart from its house", "Noordlaan 112, 3600 Genk, bus 2", "exact", ["112 bus 2"]),
    ("a floor in the place of a box", "Noordlaan 112, 2e verdieping", "exact", ["112 bus 2"]),
    ("a floor in words", "Noordlaan 112, tweede verdieping", "exact", ["112 bus 2"]),
    ("a floor and a side", "Noordlaan 112, tweede verdieping links", "exact", ["112 bus 2"]),
    ("a floor as an ordinal alone", "Noordlaan 112 2de", "exact", ["112 bus 2"]),
    ("a range with a box that is not known", "Stationsstraat 21-23 bus 2", "box_dropped", ["21-23"]),
    ("a box without leading zeros", "Stationsstraat 30 bus 101", "exact", ["30 bus 0101"]),
    ("a box with leading zeros", "Stationsstraat 30 bus 0102", "exact", ["30 bus 0102"]),
    ("a box that is a word", "Stationsstraat 30 gelijkvloers", "exact", ["30 bus gelijkvloers"]),
    ("the same box by another word", "Stationsstraat 30 bus glvl", "exact", ["30 bus gelijkvloers"]),
    ("a box that is not known", "Noordlaan 112 bus 9", "box_dropped", ["112"]),
    ("a floor that is not known", "Noordlaan 112, 9de verdieping", "box_dropped", ["112"]),
    ("a house of which boxes alone are known", "Stationsstraat 30", "exact",
     ["30 bus 0101", "30 bus 0102", "30 bus gelijkvloers"]),
    ("a letter that is not known", "Noordlaan 110C", "letter_relaxed", ["110"]),
    ("66 is missing but 66A is there", "Noordlaan 66", "letter_relaxed", ["66A"]),
    ("number 2 is not 2A", "Noordlaan 2", "exact", ["2"]),
    ("a number with letters alone", "Stationsstraat 10", "letter_relaxed", ["10A", "10B"]),
    ("a second number after an underscore", "Stationsstraat 40_2", "exact", ["40_2"]),
    ("a second number after a slash", "Stationsstraat 40/2", "exact", ["40_2"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "precision", "numbers"), [row[1:] for row in NUMBERS], ids=[row[0] for row in NUMBERS]
)
def test_a_house_number_is_met_as_precisely_as_it_can(
    matcher: Matcher, text: str, precision: str, numbers: list[str]
) -> None:
    match = matcher.match(text)
    assert match.kind is MatchKind.ADDRESS
    labels = [one.address.label().removesuffix(", 3600 Genk").split(" ", 1)[1] for one in match.candidates]
    assert labels == numbers
    assert {one.precision for one in match.candidates} == {precision}


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("Noordlaan 111", ["131", "1"]),
        ("Noordlaan 113", ["131", "1"]),
        ("Noordlaan 9999", ["131", "1"]),
        ("Kerkplein 3", ["2", "4"]),
        ("Kerkplein 3 bus 2", ["2", "4"]),  # a box is never the house number
        ("Kerkplein 3/4", ["2", "4"]),
        ("Kerkplein 3-4", ["2", "4"]),
        ("Kerkplein 3 à 4", ["2", "4"]),
        ("Kerkplein 3 verdiep 2", ["2", "4"]),
        ("Kerkplein 3 kamer 4", ["2", "4"]),
        ("Kerkplein 3 bus 0.02", ["2", "4"]),
        ("Kerkplein 3 rechts", ["2", "4"]),
    ],
)
def test_a_number_that_is_not_known_brings_those_beside_it(matcher: Matcher, text: str, beside: list[str]) -> None:
    match = matcher.match(text)
    assert match.kind is MatchKind.UNKNOWN_NUMBER
    assert [one.address.house_number for one in match.candidates] == beside
    assert {one.precision for one in match.candidates} == {"nearest_number"}


ELSEWHERE = [
    ("another municipality", "Noordlaan 112 Hasselt", "Hasselt"),
    ("its postcode alone", "Noordlaan 112, 3500", "Hasselt"),
    ("its postcode with its name", "Noordlaan 112, 3500 Hasselt", "Hasselt"),
    ("its name before the street", "Hasselt, Noordlaan 112", "Hasselt"),
    ("its name before the street, no comma", "Hasselt Noordlaan 112", "Hasselt"),
    ("its name, and our postcode by mistake", "Noordlaan 112, 3600 Hasselt", "Hasselt"),
    ("its name misspelt", "Noordlaan 112 Hassselt", "Hasselt"),
    ("its name in French", "Stationsstraat 3, Anvers", "Antwerpen"),
    ("its name in German", "Stationsstraat 3, Lüttich", "Liège"),
    ("a part of it", "Kerkstraat 5 Berchem", "Antwerpen"),
    ("a part of it before the street", "Virelles Grote Markt", "Chimay"),
    ("its name, one word of which is like a street of ours", "Kortrijksestraat 109 De Haan", "De Haan"),
    ("a place after the number that is the short form of a street of ours", "Zandweg 15 Boom", "Boom"),
    ("St. in its name", "Kerkstraat 5, St.-Truiden", "Sint-Truiden"),
    ("a name of two letters", "Kerkstraat 5 As", "As"),
    ("a name of one word with ours", "Weg naar As 12, As", "As"),
    ("a street that we do not have", "Meir 1 Antwerpen", "Antwerpen"),
    ("a street and a postcode without a number", "Stationsstraat 9000", "Gent"),
    ("a street that is like one of ours and a place", "Kerkstraatje Diepenbeek 5", "Diepenbeek"),
    ("a place alone", "Hasselt", "Hasselt"),
    ("a postcode alone", "3500", "Hasselt"),
    ("a name that ends in another's, misspelt", "Kerkstraat 5, Oued-Heverlee", "Oud-Heverlee"),
    ("a former municipality", "Kerkstraat 5, Opglabbeek", "Oudsbergen"),
]


@pytest.mark.parametrize(("text", "municipality"), [row[1:] for row in ELSEWHERE], ids=[row[0] for row in ELSEWHERE])
def test_an_address_elsewhere_is_never_a_local_one(matcher: Matcher, text: str, municipality: str) -> None:
    match = matcher.match(text)
    assert match.kind is MatchKind.ELSEWHERE
    assert municipality in {place.municipality for place in match.elsewhere}
    assert match.candidates == ()


def test_a_place_that_nobody_knows_is_a_doubt_not_an_address(matcher: Matcher) -> None:
    match = matcher.match("Stationsstraat 3, Maastricht")
    assert match.kind is MatchKind.UNKNOWN_PLACE
    assert [one.address.label() for one in match.candidates] == ["Stationsstraat 3, 3600 Genk"]


@pytest.mark.parametrize(
    "text",
    ["Stationsstraat 3 8", "Stationsstraat 3 nr 8", "Stationsstraat 3 #8", "Stationsstraat 3, 8", "3 Stationsstraat 8"],
)
def test_of_two_house_numbers_none_is_taken_for_letters_of_the_street(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.kind is MatchKind.NOTHING
    assert match.candidates == ()


@pytest.mark.parametrize("text", ["Noordlaan 112, 3601", "Noordlaan 112 36000", "Noordlaan 112, 360"])
def test_a_misspelt_postcode_is_a_doubt_not_a_house_number(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.kind is MatchKind.UNKNOWN_PLACE
    assert [one.address.label() for one in match.candidates] == ["Noordlaan 112, 3600 Genk"]


def test_a_municipality_that_is_also_short_for_a_street_is_a_doubt(matcher: Matcher) -> None:
    match = matcher.match("Hasselt 12")
    assert match.kind is MatchKind.UNKNOWN_PLACE
    assert {one.address.street.names.nl for one in match.candidates} == {"Hasseltweg"}


def test_a_place_that_nobody_knows_is_no_doubt_beside_ours(matcher: Matcher) -> None:
    assert matcher.match("Stationsstraat 3 achterbouw, 3600 Genk").kind is MatchKind.ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "Qwertyuiop 5",
        "?",
        "a",
        "12",
        "3600",
        "Genk",
        "xxxxxx",
        "🙂",
        "straat 5",
        "de 5",
        "Winterslag",
        "Zwartberg-Noord",
        "Zwartberg 5",
        "Schiepse Stations 8",  # a street of its own, not a part of the Stationsstraat
        "ziekenhuis Stations",
        "Zwerkenlaan 4",  # begins otherwise than the Berkenlaan
        "André Dumontlaan 67",  # nor is a first name a misspelt place elsewhere: Angre
    ],
)
def test_what_is_like_nothing_claims_nothing(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.kind is MatchKind.NOTHING
    assert match.candidates == ()


def test_a_street_alone_brings_all_of_it(matcher: Matcher) -> None:
    match = matcher.match("kerkplein")
    assert match.kind is MatchKind.STREET
    assert [street.names.nl for street, _ in match.streets] == ["Kerkplein"]
    assert [one.address.house_number for one in matcher.candidates(match)] == ["2", "4"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("14 Septemberlaan", MatchKind.STREET),
        ("3600 Genk, 14 septemberlaan", MatchKind.STREET),
        ("Septemberlaan 14", MatchKind.ADDRESS),
        ("14 Van Dorenlaan", MatchKind.UNKNOWN_NUMBER),
    ],
)
def test_a_number_that_begins_a_name_is_no_house_number(matcher: Matcher, text: str, kind: MatchKind) -> None:
    assert matcher.match(text).kind is kind


def test_where_a_type_was_left_out_the_number_tells_which_street_is_meant(matcher: Matcher) -> None:
    only_one = matcher.match("Kerk 3")
    assert [one.address.street.names.nl for one in only_one.candidates] == ["Kerkstraat"]
    both = matcher.match("Kerk 4")
    assert {one.address.street.names.nl for one in both.candidates} == {"Kerkstraat", "Kerkplein"}


def test_a_neighbourhood_that_is_named_is_told(matcher: Matcher) -> None:
    assert matcher.match("Noordlaan 112 Winterslag").areas == {"w1", "w2"}
    assert matcher.match("Noordlaan 112, Oud-Winterslag").areas == {"w1"}


def test_scores_fall_with_everything_that_differs(matcher: Matcher) -> None:
    texts = [
        "Emiel Van Dorenlaan 5",
        "E. Van Dorenlaan 5",
        "Van Dorenlaan 5",
        "Van Doren 5",
        "Vam Dorem 5",
    ]
    scores = [matcher.match(text).score for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0
    assert len(set(scores)) == len(scores)
    assert scores[2] >= CERTAIN > scores[4] >= CLAIM


@pytest.mark.parametrize("text", ["", " ", "\n\t", "x" * (LONGEST_TEXT + 1)])
def test_an_empty_or_endless_text_is_a_bad_request(matcher: Matcher, text: str) -> None:
    with pytest.raises(RequestError, match="address"):
        matcher.match(text)


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=LONGEST_TEXT).filter(lambda text: fold(text).strip())
PIECES = st.lists(
    st.sampled_from(
        ["Noordlaan", "112", "3600", "Genk", "As", "Hasselt", "bus", "/", "-", ",", "B", "'; DROP TABLE address; --",
         "%", "_", "*", ".*", "(?:a+)+$", "\\", '"', "12A", "bis", "str.", "\x00", "9" * 50, "e verdieping", "st.",
         "1000"]
    ),
    min_size=1, max_size=40,
).map(" ".join).filter(lambda text: len(text) <= LONGEST_TEXT and bool(fold(text).strip()))  # fmt: skip


@given(HOSTILE | PIECES)
@example("1" * 300)
@example("a " * 150)
@example("1 " * 150)
@example("as " * 100)
@example("Noordlaan 112 " * 21)
def test_whatever_is_typed_gets_an_answer(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert 0 <= match.score <= 1
    assert (match.kind in (MatchKind.NOTHING, MatchKind.ELSEWHERE)) == (not matcher.candidates(match))

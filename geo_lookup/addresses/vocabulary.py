"""The words of Belgian addresses: types of street and titles with their short forms, words for boxes, floors, numbers.

Everything stands here as `normalise.fold` leaves it: lower case, without accents. French and German words are here
because streets in Brussels, Wallonia and the east have names in these languages, and people mix them.
"""

from __future__ import annotations

SUFFIX_TYPES: dict[str, tuple[str, ...]] = {
    "steenweg": ("stwg", "steenwg", "stnwg", "steenw", "stw", "stg"),
    "straat": ("str", "straatje"),
    "strasse": (),
    "plantsoen": (),
    "singel": (),
    "square": (),
    "plaats": (),
    "laan": ("ln",),
    "plein": ("pln", "pl", "pleintje"),
    "dreef": (),
    "markt": ("mkt",),
    "gasse": (),
    "platz": (),
    "steeg": (),
    "baan": (),
    "kaai": (),
    "dijk": (),
    "gang": (),
    "park": (),
    "ring": (),
    "wijk": (),
    "weg": ("wg", "wegje", "weggetje"),
    "pad": ("paadje",),
    "lei": (),
    "hof": (),
}
"""Types that a Dutch or German street name ends in, the longest first; with short forms that may be glued to it."""

LAST_WORD_TYPES = {"st": "straat", "pl": "plein", "dr": "dreef", "bn": "baan", "l": "laan", "b": "baan"}
"""Short forms of types that are only understood as the last word of a name."""

PREFIX_TYPES: dict[str, tuple[str, ...]] = {
    "rue": ("r",),
    "avenue": ("av", "ave"),
    "boulevard": ("bd", "bld", "blvd", "boul"),
    "chaussee": ("ch", "chee", "chaus", "chauss"),
    "place": ("pl",),
    "chemin": ("chem",),
    "allee": ("all",),
    "impasse": ("imp",),
    "quai": ("q",),
    "clos": (),
    "sentier": (),
    "route": ("rte",),
    "dreve": (),
    "esplanade": (),
    "galerie": ("gal",),
    "cour": (),
    "passage": ("pass",),
    "venelle": (),
    "parvis": (),
}
"""Types that a French street name begins with, with their short forms."""

PARTICLES = frozenset([
    "van", "von", "de", "den", "der", "het", "t", "des", "du", "la", "le", "les", "l", "d", "aan", "bij", "op", "in",
    "naar", "ter", "ten", "te", "zum", "zur", "am", "an", "au", "aux", "en", "et",
])  # fmt: skip
"""Small words inside names: they are never shortened to a letter, and left out only with what stands before them."""

DISTINGUISHING = frozenset([
    "oud", "oude", "nieuw", "nieuwe", "klein", "kleine", "groot", "grote", "hoog", "hoge", "laag", "lage", "lang",
    "lange", "kort", "korte", "eerste", "tweede", "derde", "vierde", "noord", "zuid", "oost", "west", "binnen",
    "buiten", "weg", "achter", "boven", "onder",
])  # fmt: skip
"""First words that tell one street from another: they cannot be left out."""

TITLES: dict[str, tuple[str, ...]] = {
    "st": ("sint",),
    "ste": ("sint", "sainte"),
    "sinte": ("sint",),
    "saint": ("sint", "saint"),
    "sankt": ("sint", "sankt"),
    "s": ("sint", "s"),
    "burg": ("burgemeester", "burg"),
    "burgem": ("burgemeester",),
    "bgm": ("burgemeester",),
    "bm": ("burgemeester",),
    "past": ("pastoor",),
    "pas": ("pastoor", "pas"),
    "pr": ("pastoor", "prins", "priester"),
    "kon": ("koning", "koningin"),
    "dr": ("dokter", "doctor"),
    "dok": ("dokter",),
    "doctor": ("dokter",),
    "prof": ("professor",),
    "gouv": ("gouverneur",),
    "mgr": ("monseigneur",),
    "monsign": ("monseigneur",),
    "kan": ("kanunnik",),
    "kap": ("kapelaan", "kapitein"),
    "kapt": ("kapitein",),
    "kard": ("kardinaal",),
    "gen": ("generaal",),
    "kol": ("kolonel",),
    "lt": ("luitenant",),
    "luit": ("luitenant",),
    "min": ("minister",),
    "ing": ("ingenieur",),
    "ir": ("ingenieur",),
    "adv": ("advocaat",),
    "not": ("notaris",),
    "dek": ("deken",),
    "eh": ("eerwaarde heer",),
    "zr": ("zuster",),
    "br": ("broeder",),
    "maarsch": ("maarschalk",),
    "mar": ("maarschalk",),
    "jhr": ("jonkheer",),
    "mr": ("meester",),
    "sen": ("senator",),
    "volksv": ("volksvertegenwoordiger",),
    "onderw": ("onderwijzer",),
    "bar": ("baron",),
    "gr": ("grote", "graaf"),
    "kl": ("kleine",),
    "nwe": ("nieuwe",),
    "nw": ("nieuwe", "nieuw"),
    "o": ("onze", "oude", "o"),
    "olv": ("onze lieve vrouw",),
    "ol": ("onze lieve",),
    "lv": ("lieve vrouw",),
    "hh": ("heilig hart",),
    "h": ("heilig", "heilige", "h"),
    "gebr": ("gebroeders",),
    "jos": ("jos", "jozef"),
    "wed": ("weduwe",),
    "ind": ("industrie",),
    "ijz": ("ijzer",),
}
"""Words that are written short, with what they may stand for, the likeliest first."""

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
            "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien", "twintig", "eenentwintig",
            "tweeentwintig", "drieentwintig", "vierentwintig", "vijfentwintig", "zesentwintig", "zevenentwintig",
            "achtentwintig", "negenentwintig", "dertig", "eenendertig",
        ],
        1,
    )
}  # fmt: skip
ORDINAL_WORDS = {
    word: number for number, word in enumerate(["eerste", "tweede", "derde", "vierde", "vijfde", "zesde"], 1)
}
ROMAN_NUMERALS = {
    word: number
    for number, word in enumerate(
        ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"], 2
    )
}

BOX_WORDS = frozenset([
    "bus", "b", "bs", "bte", "bt", "boite", "box", "postbus", "appartement", "appart", "app", "appt", "apt", "ap",
    "kamer", "unit", "studio", "loods", "eenheid", "lot", "briefkast", "daire", "interno", "int",
])  # fmt: skip
"""Words after which the number of a box comes."""

FLOOR_WORDS = frozenset(["verdieping", "verdiep", "verd", "etage", "et", "floor"])
"""Words beside which the number of a floor stands."""

GROUND_FLOOR = frozenset(["gelijkvloers", "gelijkvl", "glvl", "gvl", "gv", "rdc", "rez"])
"""Words for the ground floor, some of which are the name of a box."""

NUMBER_SIGNS = frozenset(["nr", "nrs", "nummer", "no", "num", "numero", "huisnummer", "huisnr", "numara"])
"""Words that announce a house number, and mean nothing by themselves."""

LETTER_SUFFIXES = frozenset(["bis", "ter", "quater"])
"""What a house number may end in besides a single letter."""

COUNTRY = frozenset(["belgie", "belgique", "belgien", "belgium", "be", "vlaanderen", "flandre", "flanders"])
"""The country and the region, which say nothing about the municipality."""

BUILDINGS = frozenset([
    "residentie", "residence", "gebouw", "batiment", "blok", "flat", "flatgebouw", "villa", "serviceflat", "rusthuis",
    "wzc", "bakker", "bakkerij", "winkel", "school", "kerk", "cafe", "restaurant", "apotheek",
])  # fmt: skip
"""Words after which the name of a building may come, which is no place: 'residentie De Linde'."""

NOISE = frozenset([
    "adres", "adresse", "address", "huis", "woning", "tav", "t", "a",
    "v", "de", "het", "een", "heer", "mevrouw", "dhr", "mevr", "fam", "familie", "op", "in", "aan", "te", "bij", "ik",
    "woon", "wonen", "woont", "limburg", "provincie", "prov", "stad", "gemeente", "ville", "commune", "hoek", "wijk",
    "house", "home", "maison", "haus", "links", "rechts", "vooraan", "achteraan", "achterbouw", "voorbouw", "achter",
    "voor", "boven", "beneden", "onder", "midden", "naast", "tegenover", "nabij", "kant", "zijde", "linkerkant",
    "rechterkant", "ingang", "deur", "poort", "trap", "lift", "gauche", "droite",
])  # fmt: skip
"""Words around an address that say nothing about where it is."""

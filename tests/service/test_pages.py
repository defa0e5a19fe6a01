"""The pages as HTML: who may do what with them, their links, and what they say without a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo_lookup.languages import LANGUAGES
from service.app import create_app
from service.settings import Settings
from service.web import formats
from tests.service.test_find import is_problem
from tests.toy_city import MANIFEST, TABLES, write_toy_city

PAGES = ("/", "/desk", "/overview", "/overview/stadsdeel-genk-west", "/accessibility", "/privacy", "/widget",
         "/widget-example", "/docs")  # fmt: skip
HTML = {"Accept": "text/html"}


class Outline(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("path", [*PAGES, "/?q=Noordlaan+112", "/overview/nothing"])
def test_the_policy_of_a_page_is_strict_and_the_page_keeps_to_it(client: TestClient, path: str) -> None:
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert ("frame-ancestors 'none'" in policy) == (path != "/widget")
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    for tag, attributes in Outline(response.text).tags:
        assert "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert tag not in ("style", "base")
        assert tag != "script" or attributes.get("src"), "no script inside"
        for link in (attributes.get("src"), attributes.get("href") if tag == "link" else None):
            assert link is None or link.startswith("/"), "nothing comes from elsewhere"


@pytest.mark.parametrize(
    "path", ["/v1/find?lon=5.5&lat=50.9", "/v1/areas", "/nothing", "/widget.js", "/static/style.css"]
)
def test_what_is_no_page_may_do_nothing_at_all(client: TestClient, path: str) -> None:
    assert client.get(path).headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors 'none'")


@pytest.mark.parametrize(
    ("path", "shared"),
    [
        ("/widget", True), ("/widget.js", True), ("/static/search.js", True), ("/static/style.css", True),
        ("/v1/find?lon=5.5&lat=50.9", True), ("/v1/addresses?q=noord", True), ("/v1/areas", True),
        ("/v1/offices", True),
        ("/", False), ("/desk", False), ("/overview", False), ("/v1/editions", False), ("/widget-example", False),
        ("/openapi.json", False), ("/v1/areas/wijk-bokrijk", False),
    ],
)  # fmt: skip
def test_other_hosts_may_read_what_the_widget_needs_and_nothing_else(
    client: TestClient, path: str, shared: bool
) -> None:
    response = client.get(path, headers={"Origin": "https://city.example"})
    assert response.headers.get("access-control-allow-origin") == ("*" if shared else None)
    assert "access-control-allow-credentials" not in response.headers
    assert "set-cookie" not in response.headers


def test_the_widget_may_post_an_address_from_another_host(client: TestClient) -> None:
    asked = {"Origin": "https://city.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "content-type"}  # fmt: skip
    assert client.options("/v1/find", headers=asked).status_code == 200
    assert client.options("/v1/find/bulk", headers=asked).status_code == 405


@pytest.mark.parametrize("query", ["q=Noordlaan 112", "q=Europalaan", "lon=5.468&lat=50.9847", "q=", "q=Xyzzy 1"])
def test_a_posted_question_gets_the_very_answer_of_the_page(client: TestClient, query: str) -> None:
    fields = dict(part.split("=") for part in query.split("&"))
    page = client.get("/", params={**fields, "on": "2026-11-23"})
    posted = client.post("/v1/find", json={**fields, "on": "2026-11-23"}, headers=HTML)
    assert posted.status_code == page.status_code
    assert posted.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in posted.headers["vary"]
    assert posted.text.strip() in page.text


def test_only_who_accepts_nothing_but_html_gets_html(client: TestClient) -> None:
    for accept in ("*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"):
        answer = client.post("/v1/find", json={"lon": 5.505, "lat": 50.975}, headers={"Accept": accept})
        assert answer.json()["outcome"] == "assigned"
    assert client.get("/v1/find?lon=5.505&lat=50.975", headers=HTML).json()["outcome"] == "assigned"


def test_a_body_that_is_no_question_stays_a_problem(client: TestClient) -> None:
    assert is_problem(client.post("/v1/find", content="[", headers=HTML), 422)


@pytest.mark.parametrize("path", ["/", "/desk", "/overview", "/widget"])
def test_a_parameter_that_is_not_known_or_a_language_that_is_not_ours_breaks_no_page(
    client: TestClient, path: str
) -> None:
    page = client.get(f"{path}?utm_source=newsletter&lang=xx&fbclid=1&lang=zz")
    assert page.status_code == 200
    assert '<html lang="nl">' in page.text
    assert page.headers["content-language"] == "nl"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES[:-1])
def test_each_page_speaks_each_language(client: TestClient, path: str, language: str) -> None:
    page = client.get(path, params={"lang": language})
    assert page.status_code == 200
    assert page.headers["content-language"] == language
    outline = Outline(page.text)
    assert ("html", {"lang": language}) in outline.tags
    for tag, attributes in outline.tags:
        link = attributes.get("href") or ""
        if tag == "a" and link.startswith("/") and language != "nl":
            assert f"lang={language}" in link, "a link keeps the language"


def test_links_stand_under_the_path_at_which_the_service_is_mounted() -> None:
    app = create_app(Settings(edition=None))
    with TestClient(app, root_path="/wijk") as client:
        for path in ("/wijk/", "/wijk/overview", "/wijk/?q=Europalaan", "/wijk/docs"):
            page = client.get(path)
            assert page.status_code == 200
            for _, attributes in Outline(page.text).tags:
                for link in filter(None, (attributes.get("href"), attributes.get("src"), attributes.get("action"))):
                    assert link.startswith(("/wijk/", "?", "#", "tel:", "mailto:")), link
        assert client.get("/wijk/static/style.css").status_code == 200
        assert "frame-ancestors *" in client.get("/wijk/widget").headers["content-security-policy"]
        shared = client.get("/wijk/static/search.js", headers={"Origin": "https://city.example"})
        assert shared.headers["access-control-allow-origin"] == "*"


def test_the_host_that_a_request_names_is_in_no_link(client: TestClient) -> None:
    assert "evil.example" not in client.get("/?q=Europalaan", headers={"Host": "evil.example"}).text


def test_with_a_public_address_search_engines_are_told_where_a_page_is() -> None:
    with TestClient(create_app(Settings(edition=None, public_url="https://wijk.example/genk"))) as client:
        page = client.get("/?q=Noordlaan+112&lang=fr").text
        assert '<link rel="canonical" href="https://wijk.example/genk/?lang=fr">' in page
        assert page.count('rel="alternate"') == len(LANGUAGES)
        assert "https://wijk.example/genk/widget.js" in client.get("/widget-example").text


def test_a_base_map_is_the_only_other_host_and_the_privacy_page_says_so() -> None:
    tiles = "https://tiles.example/grb/{z}/{x}/{y}.png?layer=grb"
    settings = Settings(edition=None, base_map=tiles, base_map_attribution="Digitaal Vlaanderen")
    with TestClient(create_app(settings)) as client:
        page = client.get("/overview")
        assert "img-src 'self' data: https://tiles.example;" in page.headers["content-security-policy"]
        assert "connect-src 'self';" in page.headers["content-security-policy"]
        (drawn,) = (attributes for tag, attributes in Outline(page.text).tags if "data-map" in attributes)
        assert drawn["data-base-map"] == tiles
        assert "https://tiles.example" in client.get("/privacy").text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", "wijk.example"), ("public_url", "https://wijk.example/"), ("public_url", "https://a/?b"),
        ("base_map", "https://tiles.example"), ("base_map", "https://a; script-src *//{z}"), ("base_map", "//a/{z}"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({name: value})


def test_the_base_map_of_the_readme_is_one() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    (url,) = re.findall(r"^GEO_LOOKUP_BASE_MAP='(.*)'$", readme, re.MULTILINE)
    assert Settings(edition=None, base_map=url).tiles().host == "https://geo.api.vlaanderen.be"


def test_the_overview_tells_everything_of_every_district(client: TestClient) -> None:
    page = Outline(client.get("/overview").text)
    ids = {attributes.get("id") for tag, attributes in page.tags if tag == "section"}
    for district in ("stadsdeel-genk-centrum", "stadsdeel-genk-midden", "stadsdeel-genk-zuid"):
        assert district in ids
        assert ("a", {"href": f"#{district}"}) in page.tags
    for words in ("Vacature", "Winterslag 2 en 4", "Horensberg", "Wijkmanager Horensberg", "Plein vol groen",
                  "straathoekwerk", "Buurthuis Termien", "Coördinator burgerbudgetten", "Burgerbudget 2027",
                  "De wijkmanager is uw aanspreekpunt"):  # fmt: skip
        assert words in page.text


def test_the_overview_of_another_day_names_who_was_there(client: TestClient) -> None:
    def named(on: str) -> str:
        return Outline(client.get(f"/overview/stadsdeel-genk-midden?on={on}").text).text

    assert "Wijkmanager Genk-West" in named("2021-01-01")
    assert "Vacature" in named("2026-11-23")
    assert "Vacature" in named("nonsense"), "a day that is none is today"


def test_a_neighbourhood_with_a_manager_of_its_own_says_so(tmp_path: Path) -> None:
    write_toy_city(tmp_path)
    with TestClient(create_app(Settings(edition=tmp_path))) as client:
        district = Outline(client.get("/overview/B?on=2026-11-23").text).text
        assert re.search(r"B-South – Bob, 089000002", district)
        assert re.search(r"Site:\s*Sue", district)
        assert "Wat een wijkmanager" not in district, "the edition has no words about the job"


def test_a_city_without_districts_is_one_itself(tmp_path: Path) -> None:
    manifest = MANIFEST.replace('parent = "district"\n', "")
    lines = TABLES["assignments.csv"].splitlines()
    assignments = "\n".join(line for line in lines if not line.startswith(("A,", "B,")))
    offices = TABLES["offices.csv"].replace(",A\n", ",\n").replace(",B;s\n", ",s\n")
    services = "area_id,service\ntoy,basic\n"
    write_toy_city(tmp_path, manifest=manifest, assignments=assignments, offices=offices, services=services)
    with TestClient(create_app(Settings(edition=tmp_path))) as client:
        page = client.get("/overview")
        assert page.status_code == 200
        assert "A-North" in page.text
        assert client.get("/overview/toy").status_code == 200


def test_what_the_edition_says_of_the_job_comes_in_its_language_or_is_marked(tmp_path: Path) -> None:
    about = '[about]\nnl = "Iemand in de wijk."\n\n[contact]'
    write_toy_city(tmp_path, manifest=MANIFEST.replace("[contact]", about))
    with TestClient(create_app(Settings(edition=tmp_path))) as client:
        assert '<div lang="nl"><p>Iemand in de wijk.</p></div>' in client.get("/?lang=fr").text
        assert "<div><p>Iemand in de wijk.</p></div>" in client.get("/").text


def test_an_edition_without_addresses_asks_for_coordinates(tmp_path: Path) -> None:
    write_toy_city(tmp_path)
    with TestClient(create_app(Settings(edition=tmp_path))) as client:
        assert ">Coördinaten</label>" in client.get("/").text
        refused = client.get("/?q=Dorpstraat 1")
        assert refused.status_code == 422
        assert "Adressen zijn hier niet gekend" in refused.text


def test_an_edition_that_is_wrong_is_a_page_that_says_the_service_is_down(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(edition=tmp_path))) as client:
        for path in ("/", "/?q=Noordlaan+112", "/desk", "/widget", "/overview", "/overview/A"):
            page = client.get(path, params={"lang": "it"})
            assert page.status_code == 503
            assert page.headers["cache-control"] == "no-store"
            assert '<html lang="it">' in page.text
            assert str(tmp_path) not in page.text
        for path in ("/privacy", "/accessibility", "/widget.js"):
            assert client.get(path).status_code == 200


@given(q=st.text(max_size=40), on=st.text(max_size=12))
def test_whatever_is_typed_is_answered_or_refused_in_words(client: TestClient, q: str, on: str) -> None:
    page = client.get("/", params={"q": q, "on": on})
    assert page.status_code in (200, 422)
    scripts = [attributes for tag, attributes in Outline(page.text).tags if tag == "script"]
    assert scripts == [{"type": "module", "src": "/static/page.js"}]


@pytest.mark.parametrize(("on", "doubtful"), [("2026-12-31", False), ("2027-01-01", True)])
def test_a_border_is_no_doubt_while_somebody_has_decided_for_the_address(
    client: TestClient, on: str, doubtful: bool
) -> None:
    page = client.get("/", params={"q": "Grenspaalweg 2", "on": on}).text
    assert ("Aan welke kant ligt de voordeur" in page) == doubtful
    assert ("Dicht bij een grens" in page) == doubtful


def test_an_address_on_two_lines_stands_in_the_field_with_a_space(client: TestClient) -> None:
    page = client.get("/", params={"q": "Noordlaan 112\n3600 Genk"}).text
    fields = [attributes for tag, attributes in Outline(page).tags if tag == "input" and attributes["name"] == "q"]
    assert [field["value"] for field in fields] == ["Noordlaan 112 3600 Genk"]


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("+32 89 00 00 01", "tel:+3289000001"), ("089 65 43 21", "tel:089654321"), ("089/65.43.21", "tel:089654321"),
        ("+32 (0)89 65 43 21", "tel:+3289654321"), ("1700", "tel:1700"), ("112", "tel:112"),
        ("089 1 of 089 2", None), ("bel ons", None), ("", None), ("javascript:alert(1)", None),
    ],
)  # fmt: skip
def test_a_number_that_can_be_called_is_a_link(phone: str, link: str | None) -> None:
    assert formats.phone_link(phone) == link


@pytest.mark.parametrize(
    ("email", "link"),
    [
        ("ann@example.org", "mailto:ann@example.org"), ("a+b@example.org", "mailto:a+b@example.org"),
        ("a@b?bcc=c@d", None), ("a@b, c@d", None), ("<a@b>", None), ("ann", None),
    ],
)  # fmt: skip
def test_an_address_that_can_be_written_to_is_a_link(email: str, link: str | None) -> None:
    assert formats.mail_link(email) == link


@pytest.mark.parametrize(
    ("metres", "language", "expected"),
    [
        (0.4, "nl", "0 m"), (8.4, "nl", "8 m"), (412.3, "nl", "410 m"), (996, "nl", "1,0 km"), (1384.7, "nl", "1,4 km"),
        (1384.7, "en", "1.4 km"), (12345, "fr", "12,3 km"), (1384.7, "tr", "1,4 km"), (8859.75, "it", "8,9 km"),
    ],
)  # fmt: skip
def test_distances_are_written_as_the_language_does(metres: float, language: str, expected: str) -> None:
    assert formats.distance(metres, language) == expected.replace(" ", "\u00a0")


def test_every_asset_is_asked_for_again_and_sent_where_it_has_changed(client: TestClient) -> None:
    first = client.get("/static/style.css")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/static/style.css", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304

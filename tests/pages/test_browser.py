"""The pages in a real Chromium: text stays text, keys are enough, a phone is wide enough, and axe finds nothing serious."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import HOSTILE
from tests.pages.site import Site

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
PATHS = [
    "/", "/tasks/sentiment", "/tasks/price", "/tasks/side", "/tasks/untouched", "/tasks/trap", "/tasks/sentiment/examples",
    "/tasks/price/examples", "/tasks/side/examples", "/tasks/trap/examples", "/tasks/sentiment/examples?q=nothing+like+it", "/tasks/nope",
    "/tasks/sentiment/audit", "/tasks/side/audit", "/tasks/price/audit", "/tasks/trap/audit",
]  # fmt: skip


def settled(page: Any, path: str) -> None:
    """Open a page, and wait for the parts of it that come later."""
    page.goto(path)
    page.wait_for_selector("[data-later]", state="detached")


def one_example(site: Site, task: str) -> str:
    return f"/tasks/{task}/examples/{next(site.project.store.examples(task))[0].id}"


def findings(page: Any) -> list[str]:
    """What axe finds serious or critical on the page."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed.  next: pip install axe-playwright-python")
    page.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(
    "page", [{"color_scheme": "light"}, {"color_scheme": "dark"} | PHONE], ids=["light-desktop", "dark-phone"], indirect=True
)
def test_axe_finds_nothing_serious_on_any_page(page: Any, site: Site) -> None:
    found = {}
    alike = {"/tasks/price/examples", "/tasks/trap/examples", "/tasks/sentiment/examples?q=nothing+like+it"}
    for path in [*(p for p in PATHS if p not in alike), one_example(site, "side"), one_example(site, "trap")]:
        settled(page, path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if wrong := findings(page):
            found[path] = wrong
    assert found == {}


def test_axe_would_find_a_field_without_a_name(page: Any) -> None:
    page.goto("/tasks/sentiment/examples")
    page.evaluate("document.querySelector('label[for=q]').remove(); document.querySelector('#q').placeholder = ''")
    assert any(f.startswith("label:") for f in findings(page))


@pytest.mark.parametrize("page", [PHONE], ids=["phone"], indirect=True)
def test_nothing_is_wider_than_a_phone(page: Any, site: Site) -> None:
    wide = []
    for path in [*PATHS, one_example(site, "trap"), one_example(site, "price")]:
        settled(page, path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path)
    assert wide == []


def test_hostile_text_stays_text_everywhere(page: Any, site: Site) -> None:
    # The fixture fails on any dialog; here it is that no element grew out of a text, and that the texts are there.
    kept = one_example(site, "trap")
    for path in ["/", "/tasks/trap", "/tasks/trap/examples", kept]:
        settled(page, path)
        assert (
            page.evaluate("document.querySelectorAll('main script, main style, main img[src=\"x\"], main svg[onload]').length")
            == 0
        ), path
        assert page.evaluate(
            "[...document.querySelectorAll('*')].every(e => [...e.attributes].every(a => !a.name.startsWith('on')))"
        ), path
        assert "49" not in page.inner_text(".head"), path
    settled(page, "/tasks/trap")
    shown = page.inner_text("main")
    for text in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[4]):
        assert text in shown
    assert len(page.content()) < 400_000


def test_hostile_answers_and_errors_stay_text(page: Any, site: Site) -> None:
    for text in HOSTILE[:6]:
        page.goto("/tasks/trap")
        page.fill("textarea", text.replace("\u0000", ""))
        page.click("text=Ask trap")
        assert page.inner_text(".answer .value") in ("<b>bold</b>", "<script>alert(1)</script>")
        assert page.input_value("textarea") == text.replace("\u0000", "")


def test_a_direction_that_is_turned_around_ends_with_its_text(page: Any, site: Site) -> None:
    page.goto("/tasks/trap/examples")
    link = page.locator("a.row-link", has_text="gnp.exe")
    assert link.evaluate("a => getComputedStyle(a.querySelector('bdi')).unicodeBidi") == "isolate"


def test_keys_alone_lead_from_the_first_page_to_an_answer(page: Any, site: Site) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    links = page.locator("[data-go]").all_inner_texts()
    for _ in range(links.index("sentiment") + 1):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/sentiment")
    page.wait_for_selector("[data-keys]:not([hidden])")
    page.keyboard.press("/")
    page.keyboard.type("a great, lovely film")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".answer")
    assert page.evaluate("document.activeElement.id") == "answer"
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "This is wrong":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Noted.")


def test_lists_are_walked_with_j_k_and_arrows_and_searched_with_a_slash(page: Any, site: Site) -> None:
    page.goto("/tasks/sentiment/examples")
    at = "[...document.querySelectorAll('[data-go]')].indexOf(document.activeElement)"
    for key, place in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("k", 0)):
        page.keyboard.press(key)
        assert page.evaluate(at) == place, key
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("/")
    page.keyboard.type("refund jk?/")
    assert page.input_value("#q") == "refund jk?/"
    page.fill("#q", "refund")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=refund**")
    page.goto("/tasks/sentiment/examples")
    page.keyboard.press("n")
    page.wait_for_url("**after=**")
    page.keyboard.press("p")
    page.wait_for_url("**before=**")


def test_the_keys_can_be_shown_and_turned_off(page: Any, site: Site) -> None:
    page.goto("/tasks/sentiment/examples")
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("[data-keys]:not([hidden])")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.click("[data-keys]")
    page.check("[data-keys-on]")
    page.click("text=Close")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "A"


def test_a_release_moves_with_a_button(page: Any, site: Site) -> None:
    site.project.store.set_live("sentiment", 2)
    page.goto("/tasks/sentiment")
    page.click("[aria-label='Make release 1 live']")
    page.wait_for_selector("text=Live: release 1")
    page.click("[aria-label='Make release 2 live']")
    page.wait_for_selector("text=Live: release 2")
    page.click("text=Roll back to the release before 2")
    page.wait_for_selector("text=Live: release 1")
    site.project.store.set_live("sentiment", 2)


def test_a_record_is_asked_about_with_its_own_controls(page: Any, site: Site) -> None:
    page.goto("/tasks/price")
    page.click("text=Fill in an example")
    page.wait_for_url("**like=**")
    page.select_option("select[name='in.town']", label="south")
    page.fill("input[type=date]", "2001-05-06")
    page.click("text=Ask price")
    assert page.inner_text(".answer .value").replace(",", "").lstrip("-").replace(".", "").isdigit()
    assert page.input_value("input[type=date]") == "2001-05-06"


def test_a_file_is_asked_about(page: Any, site: Site, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (16, 16), "white").save(tmp_path / "white.png")
    page.goto("/tasks/side")
    page.set_input_files("input[type=file]", tmp_path / "white.png")
    page.click("text=Ask side")
    assert page.inner_text(".answer .value") in ("left", "right")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], ids=["no-scripts"], indirect=True)
def test_everything_works_without_scripts(page: Any, site: Site) -> None:
    page.goto("/")
    page.click("text=sentiment")
    page.fill("textarea", "a great film")
    page.click("text=Ask sentiment")
    assert page.inner_text(".answer .value") == "positive"
    page.click("text=This is wrong")
    page.select_option("select[name=value]", label="positive")
    page.click("text=Correct it")
    page.wait_for_selector("text=Noted.")
    page.click("nav.tabs >> text=Examples")
    page.fill("#q", "refund")
    page.press("#q", "Enter")
    page.wait_for_url("**q=refund**")
    assert page.locator("a.row-link").count() > 0
    assert not page.locator("[data-copy]").first.is_visible()

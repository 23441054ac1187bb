"""Takes the pictures of docs/editors.md: drives Chromium through a text's way on a development server.

    make run    # in another terminal; prints the password
    .venv/bin/python docs/screenshots.py --base http://localhost:8000 --password …

It writes to the server's database: a draft of the article on CONDITION is made, reviewed and published. Run it again
and it makes the next one.
"""

import argparse
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

HERE = Path(__file__).parent
TARGET = HERE / "images" / "editors"
COLOURS = 64
LARGEST = 120 * 1024
WIDTH, HEIGHT = 1280, 800
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
CONDITION = "Gallstones"
COMMENT = "Please say how often the ultrasound is repeated."
WHOLE_TEXT = """Living without a gallbladder
Bile then flows straight into the bowel. Nearly everybody can eat what they like. In the first weeks, these may help:
- several small meals
- little fat at once
Which physicians treat gallstones?
Visceral surgeons treat gallstones together with gastroenterologists.
"""
PASTE = """(editor, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    editor.focus();
    editor.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="http://localhost:8000", help="where the development server listens")
    parser.add_argument("--password", required=True, help="of its sample users")
    given = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        take_all(browser, given.base, given.password)
        browser.close()


def chromium() -> str:
    """CHROMIUM, or the one that the browser tests use."""
    finder = HERE.parent / "tests" / "browser" / "find_chromium.py"
    found = subprocess.run([sys.executable, str(finder)], stdout=subprocess.PIPE, text=True, check=False)
    path = os.environ.get("CHROMIUM") or found.stdout.strip()
    if not path:
        sys.exit("No Chromium was found.")
    return path


def take_all(browser: Browser, base: str, password: str) -> None:
    author, reviewer, publisher = (
        sign_in(browser, base, name, password) for name in ("author", "reviewer", "publisher")
    )
    draft = write(author)
    send(author, draft)
    reviewer.goto("/admin/")
    save("reviewer-first-page", part(reviewer, "#queues"))
    reviewer.goto(draft)
    step(reviewer, "Send back", "send-back", comment=COMMENT)
    author.goto("/admin/")
    save("author-first-page", part(author, "#queues"))
    lose_a_race(browser, base, password, author, draft)
    end_the_session(author, draft, password)
    send(author, draft)
    reviewer.goto(draft)
    step(reviewer, "Approve", "approve")
    publisher.goto(draft)
    publisher.locator(".revision-state").get_by_role("link", name="Schedule", exact=True).click()
    save("schedule", part(publisher, "#content"))
    publisher.goto(draft)
    step(publisher, "Publish", "publish")
    save("article", view(publisher))
    publisher.get_by_role("button", name="Compare the two").click()
    save("compare", view(publisher))


def sign_in(browser: Browser, base: str, name: str, password: str) -> Page:
    context = browser.new_context(
        base_url=base,
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="light",
        timezone_id="Europe/Berlin",  # the site's
    )
    page = context.new_page()
    page.goto("/admin/")
    if name == "author":
        save("sign-in", view(page))
    give_password(page, name, password)
    return page


def give_password(page: Page, name: str, password: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Editing")).to_be_visible()


def write(page: Page) -> str:
    """A draft with a pasted text, as far as it can be sent; its address."""
    page.get_by_role("link", name="Articles", exact=True).first.click()
    page.locator("#searchbar").fill(CONDITION)
    page.keyboard.press("Enter")
    page.locator("th.field-condition").get_by_role("link", name=CONDITION, exact=True).click()
    page.get_by_role("button", name=re.compile("Edit in a new draft|Open the text in work|Write a draft")).click()
    expect(page.locator(".revision-state__status")).to_have_text("Draft")
    draft = page.url
    save("draft", view(page))
    page.get_by_role("link", name="Paste a whole text").click()
    editor = page.locator(".ProseMirror:visible")
    editor.evaluate(PASTE, WHOLE_TEXT)
    save("whole-text", view(page))
    page.get_by_role("button", name="Add the sections").click()
    save("section", part(page, "#sections-0"))
    save("sources", part(page, "#sources-group"))
    page.locator("#id_change_note").fill("Two sections added.")
    page.get_by_role("button", name="Save and preview").click()
    save("preview", view(page))
    return draft


def send(page: Page, draft: str) -> None:
    page.goto(draft)
    page.get_by_role("button", name="Save and send to review").click()
    expect(page.get_by_role("heading", name="Send to review")).to_be_visible()
    save("send", part(page, "#content"))
    page.get_by_role("button", name="Send to review").click()


def step(page: Page, label: str, picture: str, **answers: str) -> None:
    page.locator(".revision-state").get_by_role("link", name=label, exact=True).click()
    for name, answer in answers.items():
        page.locator(f"#id_{name}").fill(answer)
    save(picture, part(page, "#content"))
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(f": {label}.")


def lose_a_race(browser: Browser, base: str, password: str, author: Page, draft: str) -> None:
    """The administrator saves first; the author's text is kept, seen, and let go."""
    other = sign_in(browser, base, "admin", password)
    author.goto(draft)
    other.goto(draft)
    for page, words in ((other, "An ultrasound is enough. "), (author, "An ultrasound is repeated after six months. ")):
        editor = page.locator(".ProseMirror:visible").first
        editor.click()
        page.keyboard.press("Control+Home")
        page.keyboard.type(words)
        page.get_by_role("button", name="Save draft").click()
    expect(author.get_by_role("heading", name="Your text is kept")).to_be_visible()
    save("kept", view(author))
    author.get_by_role("button", name="Delete the kept text").click()


def end_the_session(page: Page, draft: str, password: str) -> None:
    page.goto(draft)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save draft").click()
    save("session", view(page))
    page.goto("/admin/")
    give_password(page, "author", password)


def view(page: Page) -> bytes:
    """What is on the screen."""
    page.wait_for_load_state("networkidle")
    return page.screenshot()


def part(page: Page, selector: str) -> bytes:
    """One part of the page, cut off where it would be longer than a screen and a half."""
    page.wait_for_load_state("networkidle")
    found: Locator = page.locator(selector)
    found.scroll_into_view_if_needed()
    return found.screenshot()


def save(name: str, picture: bytes) -> None:
    """As a PNG of few colours: the pictures are read, not admired, and each clone carries them."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, HEIGHT * 3 // 2)))
    path = TARGET / f"{name}.png"
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        sys.exit(f"{path} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    main()

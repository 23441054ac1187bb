"""Pages made for one test, at addresses that the site does not have: for scripts and styles before any page uses them.

Playwright answers the made addresses; everything under /static/ comes from the running server. The content security
policy is the one of the site's public pages, scripts and styles only from there.
"""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route

PATH = "/en/trial/"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
STYLES = ("tokens", "base", "components", "pages", "map")
Answer = Callable[[Route], None]


def document(body: str, *scripts: str) -> str:
    """A whole page around ``body``, with the site's styles and these modules of static/js."""
    links = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in STYLES)
    modules = "".join(f'<script type="module" src="/static/js/{name}.js"></script>' for name in scripts)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Trial</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><link rel="icon" href="/static/img/mark.svg">{links}</head>'
        f'<body><main class="wrap"><h1>Trial</h1>{body}</main>{modules}</body></html>'
    )


def fulfil(route: Route, body: str) -> None:
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    route.fulfill(status=200, headers=headers, body=body)


def show(context: BrowserContext, address: str, html: str) -> Page:
    """Open ``address``, which answers with ``html``."""
    context.route(address, lambda route: fulfil(route, html))
    page = context.new_page()
    page.goto(address)
    return page

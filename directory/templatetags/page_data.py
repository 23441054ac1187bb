"""What a page's head tells machines, and the list of specialists further down on it."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from directory import social
from directory.structured_data.graph import absolute, item_list, script
from directory.structured_data.pages import Page, page_of
from directory.stylesheets import addresses

register = template.Library()

# Open Graph names a language together with a country.
LOCALES = {"en": "en_GB", "de": "de_DE"}


@register.simple_tag(takes_context=True)
def page_data(context: Context) -> SafeString:
    """Canonical address, Open Graph and schema.org of the page that is rendered; "" for one that is not public."""
    page = _page(context)
    if page is None:
        return SafeString("")
    canonical = format_html('<link rel="canonical" href="{}">', page.url)
    cards = format_html_join("", '<meta property="{}" content="{}">', open_graph(page))
    twitter = SafeString('<meta name="twitter:card" content="summary_large_image">')
    return canonical + cards + twitter + script(page.graph() if page.is_indexed else [])


@register.simple_tag
def stylesheets() -> SafeString:
    """The links to the stylesheets that all pages share."""
    links = ((address,) for address in addresses())
    return format_html_join("\n    ", '<link rel="stylesheet" href="{}">', links)


def open_graph(page: Page) -> list[tuple[str, str]]:
    """(property, content) pairs after ogp.me; networks show them where somebody passes on the address."""
    language = get_language() or settings.LANGUAGE_CODE
    pairs = [
        ("og:type", page.sort),
        ("og:site_name", settings.SITE_NAME),
        ("og:locale", LOCALES.get(language, language)),
        ("og:title", page.title),
        ("og:description", page.description),
        ("og:url", page.url),
        ("og:image", absolute(social.picture_url(page.picture))),
        ("og:image:type", "image/png"),
        ("og:image:width", str(social.WIDTH)),
        ("og:image:height", str(social.HEIGHT)),
        ("og:image:alt", gettext("“%(title)s” on a plain card") % {"title": page.title}),
    ]
    return [(name, content) for name, content in pairs if content]


@register.simple_tag(takes_context=True)
def found_data(context: Context, found: Any) -> SafeString:
    """The specialists whom a page shows (``specialists_for``) as an ItemList that belongs to the page."""
    page = _page(context)
    if page is None or not page.is_indexed or not found.cards:
        return SafeString("")
    entries = [(card.name, card.url) for card in found.cards]
    return script([item_list(entries, found.total, f"{page.url}#specialists", mainEntityOfPage=page.url)])


def _page(context: Context) -> Page | None:
    return page_of({str(name): value for name, value in context.flatten().items()})

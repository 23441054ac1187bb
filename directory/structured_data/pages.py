"""Which page is what: its one address, what a link to it shows elsewhere, and its graph.

A view is named here with the variable of its template that the page is about; pages that are not named, error pages
and previews among them, say nothing to machines.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conditions.models.vocabulary import Term
from directory.structured_data import articles, profiles, vocabulary
from directory.structured_data.graph import Node, absolute, item_list, node
from specialists.enums import ProfileKind

Context = Mapping[str, Any]
Crumb = tuple[str, str]
# A list from A to Z may have thousands of entries; what is linked from the page is found anyhow.
MOST_ITEMS = 100


@dataclass(frozen=True)
class Page:
    """``path``: of the page without any filter. ``picture``: (kind, slug) of the picture that is drawn for links."""

    title: str
    path: str
    description: str = ""
    picture: tuple[str, str] | None = None
    sort: str = "website"
    is_indexed: bool = True
    graph: Callable[[], list[Node]] = list

    @property
    def url(self) -> str:
        return absolute(self.path)


def page_of(context: Context) -> Page | None:
    """The page that is being rendered; None where machines are told nothing."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    variable, build = BUILDERS.get(match.view_name if match else "", ("", None))
    return build(context) if build and context.get(variable) is not None else None


def home(_context: Context) -> Page:
    path = reverse("home")
    description = _("Patient information you can check, and the specialists who treat your condition.")
    return Page(settings.SITE_NAME, path, description, graph=partial(_site, description))


def _site(description: str) -> list[Node]:
    """The site and its search."""
    target = node("EntryPoint", urlTemplate=absolute(f"{reverse('search')}?q={{text}}"))
    search = node("SearchAction", target=target, **{"query-input": "required name=text"})
    return [
        node(
            "WebSite",
            _site_reference()["@id"],
            name=settings.SITE_NAME,
            url=absolute(reverse("home")),
            description=description,
            inLanguage=get_language(),
            potentialAction=search,
        )
    ]


def _site_reference() -> Node:
    return node("WebSite", f"{absolute(reverse('home'))}#site", name=settings.SITE_NAME)


def condition(context: Context) -> Page | None:
    """Nothing for a condition that only editors see."""
    term, revision = context["condition"], context.get("revision")
    if not term.is_published:
        return None
    path = term.get_absolute_url()
    url = absolute(path)
    title = _("Specialists in %(name)s") % {"name": term.local.name}
    crumbs = [(_("Conditions"), reverse("conditions:condition_index"))]

    def graph() -> list[Node]:
        written = articles.article(revision, url) if revision else {}
        about = vocabulary.condition(term, url)
        return [_web_page("MedicalWebPage", title, path, [*crumbs, (term.local.name, path)], about=about, **written)]

    description = term.local.summary or (revision.teaser if revision else "")
    return Page(title, path, description, ("condition", term.slug), "article" if revision else "website", graph=graph)


def treatment(context: Context) -> Page:
    term = context["treatment"]
    about = partial(vocabulary.treatment, term)
    return _term(term, "treatment", term.local.summary, (_("Treatments"), reverse("conditions:treatment_index")), about)


def specialty(context: Context) -> Page:
    term = context["specialty"]
    index = (_("Specialties"), reverse("conditions:specialty_index"))
    return _term(term, "specialty", term.local.description, index, partial(vocabulary.specialty, term))


def _term(term: Term, kind: str, description: str, index: Crumb, about: Callable[[str], Node]) -> Page:
    path, name = term.get_absolute_url(), term.local.name

    def graph() -> list[Node]:
        return [_web_page("MedicalWebPage", name, path, [index, (name, path)], about=about(absolute(path)))]

    return Page(name, path, description, (kind, term.slug), graph=graph)


def profile(context: Context) -> Page | None:
    """Nothing for a profile that only editors see."""
    shown = context["profile"]
    if not context["is_public"]:
        return None
    path = shown.get_absolute_url()
    crumbs = [(_("Specialists"), reverse("specialists:list")), (shown.display_name, path)]
    verified = shown.verified_on.isoformat() if shown.verified_on else None

    def graph() -> list[Node]:
        entity = _entity(context, absolute(path))
        return [_web_page("ProfilePage", shown.display_name, path, crumbs, mainEntity=entity, lastReviewed=verified)]

    return Page(shown.display_name, path, shown.focus, ("specialist", shown.slug), "profile", graph=graph)


def _entity(context: Context, url: str) -> Node:
    shown, conditions = context["profile"], context["conditions"]
    if shown.kind == ProfileKind.CLINIC:
        return profiles.clinic(shown, conditions, url)
    return profiles.physician(shown, conditions, url)


def condition_index(context: Context) -> Page:
    """All conditions; with words looked for it is a result and not indexed."""
    terms = [term for _initial, group in context["groups"] for term in group]
    return _list(_("Conditions from A to Z"), _("Conditions"), "conditions:condition_index", terms, context["query"])


def treatment_index(context: Context) -> Page:
    terms = [term for _kind, group in context["groups"] for term in group]
    return _list(_("Treatments"), _("Treatments"), "conditions:treatment_index", terms)


def specialty_index(context: Context) -> Page:
    return _list(_("Specialties"), _("Specialties"), "conditions:specialty_index", context["specialties"])


def _list(title: str, label: str, name: str, terms: Iterable[Term], query: str = "") -> Page:
    def graph() -> list[Node]:
        found = list(terms)
        items = item_list([(term.local.name, term.get_absolute_url()) for term in found[:MOST_ITEMS]], len(found))
        return [_web_page("CollectionPage", title, path, [(label, path)], mainEntity=items)]

    path = reverse(name)
    return Page(title, path, is_indexed=not query, graph=graph)


def glossary(context: Context) -> Page:
    """The words with their explanations."""
    title, path = _("Medical words explained"), reverse("conditions:glossary")

    def graph() -> list[Node]:
        words = [word for _initial, group in context["groups"] for word in group]
        terms = [vocabulary.explained(word, absolute(path)) for word in words[:MOST_ITEMS]]
        entity = node("DefinedTermSet", name=title, hasDefinedTerm=terms)
        return [_web_page("WebPage", title, path, [(_("Glossary"), path)], mainEntity=entity)]

    return Page(title, path, _("Medical words from A to Z in plain language."), graph=graph)


def about(_context: Context) -> Page:
    lead = _("Where the entries come from, how they are ordered, and what this site knows about you: nothing.")
    return _plain("AboutPage", _("About this directory"), _("About"), "about", lead)


def accessibility(_context: Context) -> Page:
    lead = _(
        "How this site can be used with a keyboard, a screen reader, large text or an old telephone, "
        "and where it still falls short."
    )
    return _plain("WebPage", _("Accessibility"), _("Accessibility"), "accessibility", lead)


def _plain(kind: str, title: str, label: str, name: str, description: str) -> Page:
    path = reverse(name)
    return Page(title, path, description, graph=lambda: [_web_page(kind, title, path, [(label, path)])])


def specialist_list(context: Context) -> Page:
    """The list without any filter, which all filtered ones name as theirs."""
    listing, title, path = context["listing"], _("Find a specialist"), reverse("specialists:list")

    def graph() -> list[Node]:
        cards = item_list([(card.name, card.url) for card in listing.cards], listing.total)
        return [_web_page("CollectionPage", title, path, [(_("Specialists"), path)], mainEntity=cards)]

    return Page(title, path, is_indexed=not listing.is_filtered and listing.page.number == 1, graph=graph)


def specialist_options(context: Context) -> Page:
    """A part of the list's form on a page of its own."""
    return replace(specialist_list(context), is_indexed=False)


def specialist_map(_context: Context) -> Page:
    return Page(_("Specialists on a map"), reverse("specialists:map"), is_indexed=False)


def search(_context: Context) -> Page:
    return Page(_("Search"), reverse("search"), is_indexed=False)


def _web_page(kind: str, title: str, path: str, crumbs: list[Crumb], **properties: Any) -> Node:
    url = absolute(path)
    return node(
        kind,
        url,
        url=url,
        name=title,
        inLanguage=get_language(),
        isPartOf=_site_reference(),
        breadcrumb=_breadcrumb(crumbs),
        **properties,
    )


def _breadcrumb(crumbs: list[Crumb]) -> Node:
    """The way to the page as it stands on top of it."""
    way = [(_("Home"), reverse("home")), *crumbs]
    elements = [
        node("ListItem", position=position, name=name, item=node("WebPage", absolute(path)))
        for position, (name, path) in enumerate(way, start=1)
    ]
    return node("BreadcrumbList", itemListElement=elements)


# Name of the view → the variable that its page is about, and who describes it.
BUILDERS: dict[str, tuple[str, Callable[[Context], Page | None]]] = {
    "home": ("areas", home),
    "search": ("results", search),
    "about": ("contact", about),
    "accessibility": ("contact", accessibility),
    "conditions:condition_index": ("groups", condition_index),
    "conditions:condition": ("condition", condition),
    "conditions:treatment_index": ("groups", treatment_index),
    "conditions:treatment": ("treatment", treatment),
    "conditions:specialty_index": ("specialties", specialty_index),
    "conditions:specialty": ("specialty", specialty),
    "conditions:glossary": ("groups", glossary),
    "specialists:list": ("listing", specialist_list),
    "specialists:options": ("listing", specialist_options),
    "specialists:map": ("listing", specialist_map),
    "specialists:profile": ("profile", profile),
}

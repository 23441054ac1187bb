"""Admin pages for medical editors."""

from conditions.admin import articles, glossary, links, pictures, revisions, vocabulary

__all__ = ["articles", "glossary", "links", "pictures", "revisions", "vocabulary"]

"""Admin pages for medical editors."""

from conditions.admin import articles, links, pictures, revisions, vocabulary

__all__ = ["articles", "links", "pictures", "revisions", "vocabulary"]

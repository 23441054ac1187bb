"""Admin pages for medical editors."""

from conditions.admin import articles, pictures, vocabulary

__all__ = ["articles", "pictures", "vocabulary"]

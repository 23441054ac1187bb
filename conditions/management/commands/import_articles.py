"""``manage.py import_articles FILE``: load patient information in MedQuAD's JSON lines as draft articles."""

from collections.abc import Iterator
from typing import Any

from conditions.import_report import ImportCommand, Importer, Row, SourceFile
from conditions.imports import ArticleImporter, read_articles, survey


class Command(ImportCommand):
    help = "Load articles (JSON lines in MedQuAD's shape, plain or gzip) as drafts of unpublished conditions."

    def rows(self, source: SourceFile) -> Iterator[Row]:
        return read_articles(source)

    def importer(self, options: dict[str, Any]) -> Importer:
        with SourceFile(options["file"]) as source:
            return ArticleImporter(survey(read_articles(source)))

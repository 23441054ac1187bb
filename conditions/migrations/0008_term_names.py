"""The names of the vocabulary one by one, as saving each term writes them from now on."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from conditions import names, words

KINDS = ("condition", "treatment", "specialty")


def name_terms(apps, _schema_editor):
    """The rows that saving each term will write from now on."""
    term_names = apps.get_model("conditions", "TermName").objects
    for kind in KINDS:
        for term in apps.get_model("conditions", kind).objects.iterator():
            texts = [term.name, *term.synonyms, *([term.practitioner] if kind == "specialty" else [])]
            folded = {}
            for place, text in enumerate(texts):
                for spelling in (names.fold(text), names.fold(names.transliterate(text))):
                    folded.setdefault(spelling, (text, place == 0))
            for spelling, (text, is_name) in folded.items():
                if spelling:
                    term_names.create(
                        **{f"{kind}_id": term.pk},
                        text=text,
                        is_name=is_name,
                        folded=spelling,
                        joined=words.joined(spelling),
                        key=words.key(spelling),
                        roots=sorted(words.roots(spelling)),
                    )


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0007_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="TermName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200, verbose_name="text")),
                ("is_name", models.BooleanField(verbose_name="the name itself")),
                ("folded", models.TextField()),
                ("joined", models.TextField()),
                ("key", models.TextField()),
                ("roots", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "condition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="conditions.condition",
                    ),
                ),
                (
                    "specialty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="conditions.specialty",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="conditions.treatment",
                    ),
                ),
            ],
            options={
                "verbose_name": "name of a term",
                "verbose_name_plural": "names of terms",
                "indexes": [
                    models.Index(fields=["key"], name="term_name_key"),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(models.F("joined"), name="varchar_pattern_ops"),
                        name="term_name_joined",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["roots"], name="term_name_roots"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded"], name="term_name_folded", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["joined"], name="term_name_joined_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("condition__isnull", False), ("specialty__isnull", True), ("treatment__isnull", True)
                            ),
                            models.Q(
                                ("condition__isnull", True), ("specialty__isnull", True), ("treatment__isnull", False)
                            ),
                            models.Q(
                                ("condition__isnull", True), ("specialty__isnull", False), ("treatment__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="term_name_of_one",
                    )
                ],
            },
        ),
        migrations.RunPython(name_terms, migrations.RunPython.noop),
    ]

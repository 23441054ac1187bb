"""The glossary, signs to seek help at once, and readers' answers; publishers keep the first two, and translations."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import conditions.models.articles
import conditions.models.glossary
from conditions.migrations._triggers import watch

MODELS = ("glossaryterm", "urgentsigns", "translation")
READ = {f"view_{model}" for model in MODELS}
KEEP = READ | {f"{action}_{model}" for action in ("add", "change", "delete") for model in MODELS}
GRANTED = {"Author": READ, "Medical reviewer": READ, "Publisher": KEEP}


def grant(apps, schema_editor):
    # Permissions are usually made after all migrations: the ones named here must exist now.
    config = apps.get_app_config("conditions")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="conditions")
    for name, codenames in GRANTED.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0010_translations"),
    ]

    operations = [
        migrations.CreateModel(
            name="GlossaryTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The word's place in addresses; the same in every language.",
                        max_length=120,
                        verbose_name="slug",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=conditions.models.articles.site_languages,
                        default="en",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "term",
                    models.CharField(
                        help_text="Words all in capitals, such as PET, are only found in capitals.",
                        max_length=100,
                        validators=[conditions.models.glossary.begin_and_end_in_words],
                        verbose_name="word",
                    ),
                ),
                (
                    "also",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=100, validators=[conditions.models.glossary.begin_and_end_in_words]
                        ),
                        blank=True,
                        default=list,
                        help_text="Plurals, other cases and other words that texts use for the same.",
                        size=None,
                        verbose_name="other forms",
                    ),
                ),
                (
                    "explanation",
                    models.TextField(
                        help_text="One or two plain sentences, without markup.",
                        max_length=400,
                        verbose_name="explanation",
                    ),
                ),
            ],
            options={
                "verbose_name": "word of the glossary",
                "verbose_name_plural": "glossary",
                "ordering": ("language", "slug"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "language"),
                        name="glossary_slug_once",
                        violation_error_message="There is a word with this slug in this language already.",
                    ),
                    models.UniqueConstraint(
                        models.F("language"),
                        django.db.models.functions.text.Lower("term"),
                        name="glossary_term_once",
                        violation_error_message="This word is explained in this language already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpfulVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_helpful", models.BooleanField(verbose_name="helpful")),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                ("day", models.DateField(default=django.utils.timezone.localdate, verbose_name="day")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpful_votes",
                        to="conditions.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of a reader",
                "verbose_name_plural": "answers of readers",
                "ordering": ("-day", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="UrgentSigns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=conditions.models.articles.site_languages,
                        default="en",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        help_text="Short and plain, for example “You vomit blood.” Readers are told to call for help with any of them.",
                        size=None,
                        verbose_name="signs",
                    ),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="urgent_signs",
                        to="conditions.condition",
                        verbose_name="condition",
                    ),
                ),
            ],
            options={
                "verbose_name": "signs to seek help at once",
                "verbose_name_plural": "signs to seek help at once",
                "ordering": ("condition", "language"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("condition", "language"),
                        name="urgent_signs_once",
                        violation_error_message="These signs are listed in this language already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("signs__len__gt", 0)), name="urgent_signs_any"),
                ],
            },
        ),
        *watch("conditions_glossaryterm", "SELECT 1 FROM changed"),
        *watch("conditions_urgentsigns", "SELECT 1 FROM changed"),
        # Roles may have members by now: going back leaves what they were granted.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

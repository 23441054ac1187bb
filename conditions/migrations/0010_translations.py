"""The vocabulary in other languages, and which text an article was translated from.

Translated names count for searches, their changes for the content version. Like the rest of a submitted text, what it
was translated from is frozen.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import conditions.models.translations
from conditions.migrations._triggers import watch

FREEZE = """
CREATE FUNCTION conditions_original_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'revision %: a submitted text is frozen', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_frozen';
END $$;
CREATE TRIGGER original_frozen BEFORE UPDATE ON conditions_revision FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND NEW.translated_from_id IS DISTINCT FROM OLD.translated_from_id)
    EXECUTE FUNCTION conditions_original_guard();
"""
THAW = """
DROP TRIGGER original_frozen ON conditions_revision;
DROP FUNCTION conditions_original_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0009_section_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="termname",
            name="language",
            field=models.CharField(default="en", max_length=10, verbose_name="language"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=conditions.models.translations.other_languages, max_length=10, verbose_name="language"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "synonyms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="Synonyms, abbreviations and everyday words, separated by commas.",
                        size=None,
                        verbose_name="other names",
                    ),
                ),
                (
                    "practitioner",
                    models.CharField(
                        blank=True, help_text="Specialties only.", max_length=200, verbose_name="practitioner"
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="summary")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "condition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="conditions.condition",
                    ),
                ),
                (
                    "specialty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="conditions.specialty",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="conditions.treatment",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation",
                "verbose_name_plural": "translations",
                "ordering": ("language", "pk"),
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
                        name="translation_of_one",
                    ),
                    models.UniqueConstraint(
                        fields=("condition", "language"),
                        name="translation_condition_once",
                        violation_error_message="There is a translation into this language already.",
                    ),
                    models.UniqueConstraint(
                        fields=("treatment", "language"),
                        name="translation_treatment_once",
                        violation_error_message="There is a translation into this language already.",
                    ),
                    models.UniqueConstraint(
                        fields=("specialty", "language"),
                        name="translation_specialty_once",
                        violation_error_message="There is a translation into this language already.",
                    ),
                ],
            },
        ),
        *watch("conditions_translation", "SELECT 1 FROM changed"),
        migrations.AddField(
            model_name="revision",
            name="translated_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The text that this one says in another language. Choose the newest once all of it is in here.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translated_to",
                to="conditions.revision",
                verbose_name="translated from",
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]

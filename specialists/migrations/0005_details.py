"""What the pages of physicians and clinics show beyond lists: careers, departments, opening hours, certificates.

Their changes raise the content version whoever's they are: asking who is public would cost more than it saves.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from conditions.migrations._triggers import watch

MODELS = ("careerstep", "certificate", "department", "openinghours")


def grant(apps, schema_editor):
    """Directory editors may do with these what they do with the rest of a profile."""
    # Permissions are usually made after all migrations: the ones named here must exist now.
    config = apps.get_app_config("specialists")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    editors = apps.get_model("auth", "Group").objects.filter(name="Directory editor").first()
    if editors is not None:
        wanted = [f"{action}_{model}" for action in ("view", "add", "change", "delete") for model in MODELS]
        editors.permissions.add(
            *apps.get_model("auth", "Permission").objects.filter(
                content_type__app_label="specialists", codename__in=wanted
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0008_term_names"),
        ("specialists", "0004_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="location",
            name="directions",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="How to get there by bus, train and car, and how to get in without steps.",
                verbose_name="directions",
            ),
        ),
        migrations.CreateModel(
            name="CareerStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.PositiveSmallIntegerField(verbose_name="from (year)")),
                (
                    "until",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: until today. The same year as “from”: in that year.",
                        null=True,
                        verbose_name="until (year)",
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="For example “Specialist exam in surgery”.", max_length=300, verbose_name="text"
                    ),
                ),
                (
                    "physician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="career",
                        to="specialists.physician",
                        verbose_name="physician",
                    ),
                ),
            ],
            options={
                "verbose_name": "career step",
                "verbose_name_plural": "career steps",
                "ordering": ("-since", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since__range", (1900, 2100)),
                            models.Q(("until__isnull", True), ("until__range", (1900, 2100)), _connector="OR"),
                        ),
                        name="career_years",
                        violation_error_message="A year must lie between 1900 and 2100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="career_until_after_since",
                        violation_error_message="A step cannot end before it began.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("issuer", models.CharField(max_length=200, verbose_name="issued by")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="A page of the issuer that shows it.",
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificates",
                        to="specialists.profile",
                        verbose_name="profile",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "name", "issuer"),
                        name="certificate_once",
                        violation_error_message="This certificate is already listed.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="departments",
                        to="specialists.clinic",
                        verbose_name="clinic",
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="departments",
                        to="specialists.physician",
                        verbose_name="head physician",
                    ),
                ),
                (
                    "specialty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="departments",
                        to="conditions.specialty",
                        verbose_name="specialty",
                    ),
                ),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "name"),
                        name="department_once",
                        violation_error_message="This clinic already has a department of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="specialists.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ("weekday", "opens"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__range", (0, 6))), name="hours_weekday"),
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="hours_closes_after_opens",
                        violation_error_message="The closing time must lie after the opening time.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        expressions=[
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Least(
                                        models.ExpressionWrapper(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.ExpressionWrapper(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                models.F("location"), "*", models.Value(7)
                                                            ),
                                                            "+",
                                                            models.F("weekday"),
                                                        ),
                                                        output_field=models.BigIntegerField(),
                                                    ),
                                                    "*",
                                                    models.Value(86400),
                                                ),
                                                "+",
                                                models.Func(
                                                    models.F("opens"),
                                                    output_field=models.BigIntegerField(),
                                                    template="extract(epoch FROM %(expressions)s)::bigint",
                                                ),
                                            ),
                                            output_field=models.BigIntegerField(),
                                        ),
                                        models.ExpressionWrapper(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.ExpressionWrapper(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                models.F("location"), "*", models.Value(7)
                                                            ),
                                                            "+",
                                                            models.F("weekday"),
                                                        ),
                                                        output_field=models.BigIntegerField(),
                                                    ),
                                                    "*",
                                                    models.Value(86400),
                                                ),
                                                "+",
                                                models.Func(
                                                    models.F("closes"),
                                                    output_field=models.BigIntegerField(),
                                                    template="extract(epoch FROM %(expressions)s)::bigint",
                                                ),
                                            ),
                                            output_field=models.BigIntegerField(),
                                        ),
                                    ),
                                    django.db.models.functions.comparison.Greatest(
                                        models.ExpressionWrapper(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.ExpressionWrapper(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                models.F("location"), "*", models.Value(7)
                                                            ),
                                                            "+",
                                                            models.F("weekday"),
                                                        ),
                                                        output_field=models.BigIntegerField(),
                                                    ),
                                                    "*",
                                                    models.Value(86400),
                                                ),
                                                "+",
                                                models.Func(
                                                    models.F("opens"),
                                                    output_field=models.BigIntegerField(),
                                                    template="extract(epoch FROM %(expressions)s)::bigint",
                                                ),
                                            ),
                                            output_field=models.BigIntegerField(),
                                        ),
                                        models.ExpressionWrapper(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.ExpressionWrapper(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                models.F("location"), "*", models.Value(7)
                                                            ),
                                                            "+",
                                                            models.F("weekday"),
                                                        ),
                                                        output_field=models.BigIntegerField(),
                                                    ),
                                                    "*",
                                                    models.Value(86400),
                                                ),
                                                "+",
                                                models.Func(
                                                    models.F("closes"),
                                                    output_field=models.BigIntegerField(),
                                                    template="extract(epoch FROM %(expressions)s)::bigint",
                                                ),
                                            ),
                                            output_field=models.BigIntegerField(),
                                        ),
                                    ),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            )
                        ],
                        name="hours_do_not_overlap",
                        violation_error_message="These hours overlap with others of the same day.",
                    ),
                ],
            },
        ),
        *(operation for model in MODELS for operation in watch(f"specialists_{model}", "SELECT 1 FROM changed")),
        # Going back leaves the rights: their models are gone by then.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

"""The editorial roles as groups. Permissions of this project's apps only; accounts stay with administrators."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

VOCABULARY = ("condition", "treatment", "specialty")
TEXTS = ("article", "revision", "section", "source")
PROFILES = ("physician", "clinic", "profile", "location", "affiliation", "treatmentoffer", "identifier")


def permissions(actions, models):
    return {f"{action}_{model}" for action in actions for model in models}


READ = permissions(("view",), (*VOCABULARY, *TEXTS, "picture", "contributor", "transition", "kepttext", "linkcheck"))
ROLES = {
    "Author": {
        "conditions": READ
        | {"add_article", "submit_revision", "add_picture", "change_picture"}
        | permissions(("add", "change"), ("revision",))
        | permissions(("add", "change", "delete"), ("section", "source")),
    },
    "Medical reviewer": {"conditions": READ | {"review_revision"}},
    "Publisher": {
        "conditions": READ
        | {"publish_revision", "add_article"}
        | permissions(("add", "change"), (*VOCABULARY, "contributor"))
        | permissions(("delete",), ("picture",)),
        "redirects": permissions(("view", "add", "change", "delete"), ("redirect",)),
    },
    "Directory editor": {
        "specialists": permissions(("view", "add", "change", "delete"), PROFILES),
        "conditions": permissions(("view",), (*VOCABULARY, "picture")) | {"add_picture", "change_picture"},
    },
}


def create_roles(apps, schema_editor):
    # Permissions are usually made after all migrations: the ones named here must exist now.
    for label in ("conditions", "specialists", "redirects"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, granted in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        for label, codenames in granted.items():
            found = Permission.objects.filter(content_type__app_label=label, codename__in=codenames)
            missing = codenames - set(found.values_list("codename", flat=True))
            if missing:
                raise LookupError(f"{name}: no such permission in {label}: {sorted(missing)}")
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0004_frozen_texts"),
        ("specialists", "0001_first"),
        ("redirects", "0002_alter_redirect_new_path_help_text"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # Roles may have members and more permissions by now: going back leaves them.
    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]

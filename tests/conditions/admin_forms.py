"""What a browser does with a page of the admin: sends its form, with or without changes."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse


def signed_in(*permissions: str, **values: Any) -> Client:
    """The browser of a member of staff with these permissions."""
    user = User.objects.create_user("staff", is_staff=True, **values)
    found = Permission.objects.filter(codename__in=permissions)
    assert found.count() == len(permissions)
    user.user_permissions.set(found)
    client = Client()
    client.force_login(user)
    return client


def change_url(row: Model) -> str:
    return page_url(type(row), "change", row.pk)


def page_url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def filled(response: Any) -> dict[str, Any]:
    """The data that a browser sends from this page when nothing on it is changed."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [response.context["adminform"].form]
    forms += [form for formset in formsets for form in (formset.management_form, *formset.forms)]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not None and value is not False
    }


def submit(client: Client, url: str, **changes: Any) -> Any:
    """Open the page, change these fields of its form, send it; fields changed to None are not sent."""
    data = {**filled(client.get(url)), **changes}
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def errors(response: Any) -> dict[str, list[str]]:
    """Field → messages of a form that was refused."""
    return dict(response.context["adminform"].form.errors)


def told(response: Any) -> list[str]:
    """What the page that follows tells the user."""
    return [str(message) for message in response.wsgi_request._messages]

"""Admin of the glossary and of the signs to seek help at once: publishers keep them, others may look."""

import pytest
from django.test import Client

from conditions.models import Condition, GlossaryTerm, UrgentSigns
from tests.conditions.admin_forms import change_url, errors, filled, page_url, signed_in, submit
from tests.factories import make_condition, make_user
from tests.pages import read

pytestmark = pytest.mark.django_db

SIGNS = {"urgent_signs-0-language": "en", "urgent_signs-0-id": ""}


def member_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user("someone", role))
    return client


def with_signs(text: str) -> dict[str, object]:
    return {"urgent_signs-TOTAL_FORMS": 1, **SIGNS, "urgent_signs-0-signs": text}


def test_word_is_added_with_a_form_in_each_line():
    client = member_of("Publisher")
    values = {"language": "en", "term": "biopsy", "slug": "biopsy", "explanation": "A sample."}

    response = submit(client, page_url(GlossaryTerm, "add"), also=" biopsies \r\n\r\ntissue sample\r\n", **values)

    assert response.status_code == 302
    assert GlossaryTerm.objects.get().also == ["biopsies", "tissue sample"]


def test_words_that_cannot_be_found_or_are_there_already_are_refused():
    GlossaryTerm.objects.create(slug="biopsy", term="biopsy", explanation="A sample.")
    client = member_of("Publisher")
    values = {"language": "en", "term": "Biopsy", "slug": "sample", "explanation": "A sample."}

    again = submit(client, page_url(GlossaryTerm, "add"), **values)
    bad = submit(client, page_url(GlossaryTerm, "add"), **{**values, "term": "(x)", "also": "fine\ny)"})

    assert errors(again) == {"__all__": ["This word is explained in this language already."]}
    assert errors(bad) == {
        "term": ["“(x)” must begin and end with a letter or digit."],
        "also": ["Item 2 in the array did not validate: “y)” must begin and end with a letter or digit."],
    }
    assert GlossaryTerm.objects.count() == 1


def test_words_are_found_by_their_other_forms(admin_client):
    GlossaryTerm.objects.create(slug="biopsy", term="biopsy", also=["tissue sample"], explanation="Taken.")
    GlossaryTerm.objects.create(slug="stent", term="stent", explanation="A tube.")

    response = admin_client.get(page_url(GlossaryTerm, "changelist"), {"q": "TISSUE"})

    assert [str(word) for word in response.context["cl"].result_list] == ["biopsy"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Publisher", (200, 200)),
        ("Author", (200, 403)),
        ("Medical reviewer", (200, 403)),
        ("Directory editor", (403, 403)),
    ],
)
def test_glossary_is_kept_by_publishers(role, expected):
    client = member_of(role)

    assert tuple(client.get(page_url(GlossaryTerm, page)).status_code for page in ("changelist", "add")) == expected


def test_signs_are_edited_beside_the_condition_one_in_each_line():
    condition = make_condition("Gout")
    client = member_of("Publisher")

    submit(client, change_url(condition), **with_signs("You faint.\r\n\r\n It bleeds. "))
    assert UrgentSigns.objects.get().signs == ["You faint.", "It bleeds."]

    submit(client, change_url(condition), **{"urgent_signs-0-DELETE": "on"})
    assert UrgentSigns.objects.count() == 0


def test_signs_without_any_are_refused(admin_client):
    condition = make_condition("Gout")

    response = submit(admin_client, change_url(condition), **{**with_signs(" \r\n "), "urgent_signs-0-language": "de"})

    [formset] = [
        inline.formset for inline in response.context["inline_admin_formsets"] if inline.opts.model == UrgentSigns
    ]
    assert formset.errors == [{"signs": ["This field is required."]}]
    assert UrgentSigns.objects.count() == 0


def test_signs_that_somebody_else_added_meanwhile_are_refused_with_a_message(admin_client):
    condition = make_condition("Gout")
    data = {**filled(admin_client.get(change_url(condition))), **with_signs("You faint.")}
    UrgentSigns.objects.create(condition=condition, language="en", signs=["It bleeds."])

    response = admin_client.post(change_url(condition), data)

    assert "These signs are listed in this language already." in read(response).text
    assert UrgentSigns.objects.get().signs == ["It bleeds."]


def test_signs_are_not_for_those_who_may_only_look():
    condition = make_condition("Gout")

    page = signed_in("view_condition", "view_urgentsigns").get(change_url(condition))

    assert page.status_code == 200
    assert submit(member_of("Author"), change_url(condition), **with_signs("You faint.")).status_code == 403
    assert (Condition.objects.count(), UrgentSigns.objects.count()) == (1, 0)

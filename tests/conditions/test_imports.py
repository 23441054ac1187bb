"""Articles from JSON lines: the plain text made rich, the questions tidied, the drafts, and every refusal."""

import csv
import gzip
import html
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from conditions import imports, workflow
from conditions.html import sanitise
from conditions.import_report import SourceFile
from conditions.models import Article, Condition, Contributor, Revision, Source
from conditions.plain_text import is_plural, tidy_question, to_html
from tests.conditions.texts import publish_draft

MEDQUAD = settings.BASE_DIR.parent / "shared" / "data" / "medquad_articles.jsonl.gz"


def section(**values: Any) -> dict[str, Any]:
    return {"qid": "7-1", "type": "information", "question": "What is (are) Gout ?", "answer": "It hurts."} | values


def article(**values: Any) -> dict[str, Any]:
    row = {"id": "7", "source": "NIDDK", "url": "https://example.org/gout", "focus": "Gout", "synonyms": ["Podagra"]}
    return row | {"sections": [section()]} | values


def load(tmp_path: Path, *articles: object, **options: Any) -> str:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in articles))
    out = StringIO()
    call_command("import_articles", path, stdout=out, **options)
    return out.getvalue()


def last_line(output: str) -> str:
    return output.splitlines()[-1]


def words(text: str) -> list[str]:
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]", " ", text).split()


# Text


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("", ""),
        ("One.", "<p>One.</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("One.\n\n   Two.", "<p>One.</p><p>Two.</p>"),
        ("One.   Two.", "<p>One.</p><p>Two.</p>"),
        ("One.  Two.", "<p>One. Two.</p>"),
        ("This goes\non here.", "<p>This goes on here.</p>"),
        ("well-known - or not", "<p>well-known - or not</p>"),
        ("They are\n- one  - two\n", "<p>They are</p><ul><li><p>one</p></li><li><p>two</p></li></ul>"),
        ("- a    - b        After.", "<ul><li><p>a</p></li><li><p>b</p></li></ul><p>After.</p>"),
        ("-   Exam : An exam.   More.", "<ul><li><p>Exam : An exam. More.</p></li></ul>"),
        (
            "Key Points\n    - Used:         - Surgery      - Drugs         - Trials.",
            "<h3>Key Points</h3><ul><li><p>Used:</p><ul><li><p>Surgery</p></li><li><p>Drugs</p></li></ul></li>"
            "<li><p>Trials.</p></li></ul>",
        ),
        (
            "Ways\n - a\n    - b\n - c",
            "<p>Ways</p><ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>",
        ),
    ],
)
def test_to_html(text, rich):
    assert to_html(text) == rich


@given(st.lists(st.text() | st.sampled_from(["\n", "  - ", "      - ", "         - ", "\n- ", "\n   - ", "a:", "<b>"])))
def test_to_html_is_clean_and_loses_no_text(pieces):
    text = "".join(pieces).encode("utf-8", "ignore").decode()
    rich = to_html(text)
    assert sanitise(rich) == rich
    shown = [word for word in words(html.unescape(re.sub(r"<[^>]*>", " ", rich))) if word != "-"]
    assert shown == [word for word in words(text) if word != "-"]


@pytest.mark.parametrize(
    ("question", "focus", "heading"),
    [
        ("What is (are) Gout ?", "Gout", "What is Gout?"),
        ("What is (are) Warts ?", "Warts", "What are Warts?"),
        ("Who is at risk for Gout? ?", "Gout", "Who is at risk for Gout?"),
        ("what are the symptoms of Gout ?", "Gout", "What are the symptoms of Gout?"),
        ("Do you have information about Gout", "Gout", "What should I know about Gout?"),
        ("how vaccines  prevent disease", "x", "How vaccines prevent disease"),
    ],
)
def test_tidy_question(question, focus, heading):
    assert tidy_question(question, focus) == heading


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        *(("Diabetes", False), ("Hepatitis", False), ("AIDS", False), ("Parkinson's", False), ("Lupus", False)),
        *(("Brain Tumors", True), ("Warts (common)", True), ("", False), ("(x)", False)),
    ],
)
def test_is_plural(name, plural):
    assert is_plural(name) is plural


# Drafts


@pytest.mark.django_db
def test_import_writes_a_draft_of_an_unpublished_condition(tmp_path):
    assert last_line(load(tmp_path, article())) == "added 1, unchanged 0, updated 0, refused 0"
    condition = Condition.objects.get()
    assert (condition.name, condition.synonyms, condition.slug, condition.is_published) == (
        "Gout",
        ["Podagra"],
        "gout",
        False,
    )
    revision = Revision.objects.get()
    assert (revision.title, revision.status, revision.imported_from) == ("Gout", "draft", "medquad:NIDDK:7:gout")
    assert [(s.heading, s.aspect, s.body) for s in revision.sections.all()] == [
        ("What is Gout?", "overview", "<p>It hurts.</p>")
    ]
    source = Source.objects.get()
    assert source.url == "https://example.org/gout"
    assert source.citation == (
        "National Institute of Diabetes and Digestive and Kidney Diseases (NIDDK): Gout. "
        "In: MedQuAD (Ben Abacha and Demner-Fushman 2019), CC BY 4.0."
    )


@pytest.mark.django_db
def test_import_merges_answers_to_the_same_question(tmp_path):
    load(tmp_path, article(sections=[section(), section(answer="Summary : More."), section(type="causes")]))
    assert [(s.aspect, s.body) for s in Revision.objects.get().sections.all()] == [
        ("overview", "<p>It hurts.</p><p>More.</p>"),
        ("causes", "<p>It hurts.</p>"),
    ]


@pytest.mark.django_db
def test_import_reads_gzip(tmp_path):
    path = tmp_path / "articles.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(article()).encode()))
    out = StringIO()
    call_command("import_articles", path, stdout=out)
    assert last_line(out.getvalue()) == "added 1, unchanged 0, updated 0, refused 0"


@pytest.mark.django_db
def test_import_dry_run_writes_nothing(tmp_path):
    output = load(tmp_path, article(), article(id=8), "{", dry_run=True)
    assert last_line(output) == "Dry run, nothing was written: added 1, unchanged 0, updated 0, refused 2"
    assert not Condition.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_import_twice_changes_nothing(tmp_path):
    load(tmp_path, article())
    before = list(Revision.objects.values()), list(Condition.objects.values()), list(Source.objects.values())
    assert last_line(load(tmp_path, article())) == "added 0, unchanged 1, updated 0, refused 0"
    assert before == (list(Revision.objects.values()), list(Condition.objects.values()), list(Source.objects.values()))


@pytest.mark.django_db
def test_import_of_a_changed_file_updates_the_untouched_draft_again_and_again(tmp_path):
    load(tmp_path, article())
    for answer in ("It hurts a lot.", "It hurts less."):
        output = load(tmp_path, article(sections=[section(answer=answer)]))
        assert last_line(output) == "added 0, unchanged 0, updated 1, refused 0"
        assert Revision.objects.get().sections.get().body == f"<p>{answer}</p>"


@pytest.mark.django_db
def test_import_leaves_an_edited_draft_alone(tmp_path):
    load(tmp_path, article())
    revision = Revision.objects.get()
    revision.sections.update(body="<p>Edited.</p>")
    revision.save()
    output = load(tmp_path, article(), verbosity=2)
    assert "Line 1 note (Gout): Revision 1 differs and was changed by an editor since: left as it is." in output
    assert last_line(output) == "added 0, unchanged 1, updated 0, refused 0"
    assert revision.sections.get().body == "<p>Edited.</p>"


@pytest.fixture
def published(tmp_path: Path) -> Revision:
    """The imported draft of gout, completed and published."""
    load(tmp_path, article())
    revision = Revision.objects.get()
    revision.author, revision.teaser = Contributor.objects.create(name="A"), "T"
    revision.save()
    return publish_draft(revision)


@pytest.mark.django_db
def test_import_does_not_touch_a_published_text(tmp_path, published):
    other = article(id="8", source="CDC")
    assert "“Gout” has a published text, which an import does not touch." in load(tmp_path, other)
    assert last_line(load(tmp_path, article())) == "added 0, unchanged 1, updated 0, refused 0"
    assert list(Article.objects.get().revisions.all()) == [published]


@pytest.mark.django_db
def test_import_refuses_where_an_editor_has_an_open_text(tmp_path):
    condition = Condition.objects.create(name="GOUT")
    workflow.open_draft(Article.objects.create(condition=condition))
    output = load(tmp_path, article())
    assert "Line 1 refused (Gout): “GOUT” already has an open text (by an editor), and an article takes one." in output
    assert Condition.objects.count() == 1


@pytest.mark.django_db
def test_import_refuses_where_another_import_has_an_open_text(tmp_path):
    load(tmp_path, article())
    output = load(tmp_path, article(id="8"))
    assert "(imported from medquad:NIDDK:7:gout), and an article takes one." in output


@pytest.mark.django_db
@pytest.mark.parametrize("known", [{"name": "GÓUT"}, {"name": "Podagra", "synonyms": ["Other", "gout"]}])
def test_import_finds_the_condition_by_name_or_synonym(tmp_path, known):
    condition = Condition.objects.create(**known)
    Condition.objects.create(name="Pseudogout", synonyms=["Not gout"])
    load(tmp_path, article())
    assert Revision.objects.get().article.condition == condition
    assert Condition.objects.count() == 2


@pytest.mark.django_db
def test_import_takes_the_fullest_text_of_a_name_and_names_its_line(tmp_path):
    full = article(id="9", focus="GOUT", sections=[section(answer="It hurts very much.")])
    output = load(tmp_path, article(), full, article(id="10"))
    expected = "refused (Gout): Line 2 has the fuller text about “Gout”, and an article takes one draft."
    assert output.splitlines() == [
        f"Line 1 {expected}",
        f"Line 3 {expected}",
        "added 1, unchanged 0, updated 0, refused 2",
    ]
    assert Revision.objects.get().imported_from == "medquad:NIDDK:9:gout"


@pytest.mark.django_db
def test_import_leaves_out_a_synonym_that_is_a_condition_of_its_own(tmp_path):
    output = load(
        tmp_path, article(synonyms=["podagra", "Toe pain"]), article(focus="Podagra", synonyms=[]), verbosity=2
    )
    assert "Line 1 note (Gout): “podagra” is left out of the other names: line 2 is about it." in output
    assert list(Condition.objects.values_list("name", "synonyms")) == [("Gout", ["Toe pain"]), ("Podagra", [])]


@pytest.mark.django_db
def test_import_tells_apart_rows_with_one_id_and_finds_a_missing_one(tmp_path):
    load(tmp_path, article(), article(focus="Podagra"), article(id=None, focus="Toe"))
    assert sorted(Revision.objects.values_list("imported_from", flat=True)) == [
        "medquad:NIDDK:7:gout",
        "medquad:NIDDK:7:podagra",
        "medquad:NIDDK:7:toe",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "It is not valid JSON: "),
        ("[" * 100_000, "It is not valid JSON: "),
        ("[]", "It is not a JSON object."),
        ('{"focus": "\x00"}', "It is not UTF-8 text, or holds characters that cannot be stored."),
        (article(focus="a\ud800"), "It is not UTF-8 text, or holds characters that cannot be stored."),
        (
            article(sections=[section(answer="\x00")]),
            "It is not UTF-8 text, or holds characters that cannot be stored.",
        ),
        (article(focus=""), "It has no “focus”."),
        (article(focus="+++"), "“+++” has neither letters nor digits."),
        (article(focus=5), "“focus” is not a text."),
        (article(source=None), "It has no “source”."),
        (article(id=None, sections=[section(qid="")]), "It has no “qid”."),
        (article(id=None, sections=[section(qid="7")]), "It has no “id”."),
        (article(id=None, sections=[]), "It has no “id”."),
        (article(id=7), "“id” is not a text."),
        (article(focus="G" * 201), "The name has 201 characters, more than 200: “GGG"),
        (article(source="s" * 200), "The identity has 2"),
        (article(synonyms=["s" * 201]), "A synonym has 201 characters, more than 200: “sss"),
        (article(synonyms=[5]), "“synonyms” is not a list of texts."),
        (article(synonyms="Podagra"), "“synonyms” is not a list of texts."),
        (article(sections=["x"]), "“sections” is not a list of objects."),
        (article(sections=[]), "It has no sections."),
        (article(sections=[section(question="")]), "It has no “question”."),
        (article(sections=[section(question="q" * 251)]), "A question has 251 characters, more than 250: “Qqq"),
        (article(sections=[section(type="gossip")]), "“gossip” is not a known type of section."),
        (article(sections=[section(answer=" \n ")]), "It has no “answer”."),
        (article(sections=[section(answer=["x"])]), "“answer” is not a text."),
        (article(url="javascript:alert(1)"), "url: Enter a valid URL."),
        (article(url="https://e.org/" + "x" * 500), "url: Ensure this value has at most 500 characters"),
    ],
)
def test_import_refuses_a_row_whole_and_takes_the_others(tmp_path, line, reason):
    output = load(tmp_path, article(id="1", focus="First"), line, article(id="3", focus="Third"))
    assert output.splitlines()[0].partition(": ")[2].startswith(reason)
    assert output.startswith("Line 2 refused")
    assert last_line(output) == "added 2, unchanged 0, updated 0, refused 1"
    assert sorted(Condition.objects.values_list("name", flat=True)) == ["First", "Third"]
    assert Article.objects.count() == 2


@pytest.mark.django_db
def test_import_refuses_a_line_that_is_not_utf8(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"focus": "\xe4"}\n\n' + json.dumps(article()).encode())
    out = StringIO()
    call_command("import_articles", path, stdout=out)
    assert out.getvalue().splitlines() == [
        "Line 1 refused: It is not UTF-8 text, or holds characters that cannot be stored.",
        "added 1, unchanged 0, updated 0, refused 1",
    ]


@pytest.mark.django_db
def test_import_writes_the_report_as_csv(tmp_path):
    report = tmp_path / "report.csv"
    load(tmp_path, "{}", article(), report=report)
    with report.open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "outcome", "entry", "reason"],
            ["1", "refused", "", "It has no “focus”."],
        ]


@pytest.mark.django_db
def test_import_refuses_bad_files_before_writing(tmp_path):
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(f"{json.dumps(article())}\n".encode() * 500)[:-9])
    with pytest.raises(CommandError, match="damaged or incomplete after line"):
        call_command("import_articles", broken)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_articles", tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="is empty"):
        load(tmp_path)
    with pytest.raises(CommandError, match=r"The report .* cannot be written: No such file"):
        load(tmp_path, article(), report=tmp_path / "none" / "report.csv")
    with pytest.raises(CommandError, match="would overwrite the file to load"):
        load(tmp_path, article(), report=tmp_path / "articles.jsonl")
    assert not Condition.objects.exists()


@pytest.mark.skipif(not MEDQUAD.exists(), reason="../shared/data/medquad_articles.jsonl.gz is not there")
def test_every_row_of_the_whole_file_is_read_and_its_rich_text_is_clean():
    with SourceFile(MEDQUAD) as source:
        rows = list(imports.read_articles(source))
    drafts = [draft for draft in map(imports._parsed, rows) if isinstance(draft, imports.Draft)]
    bodies = [body for draft in drafts for _heading, _aspect, body in draft.sections]
    assert (len(rows), len(drafts), len({draft.identity for draft in drafts})) == (1716, 1713, 1713)
    assert [body for body in bodies if sanitise(body) != body] == []


@pytest.mark.skipif(not MEDQUAD.exists(), reason="../shared/data/medquad_articles.jsonl.gz is not there")
@pytest.mark.django_db
def test_the_first_part_of_the_whole_file_loads_twice(tmp_path):
    with gzip.open(MEDQUAD, "rt", encoding="utf-8") as file:
        lines = [next(file).strip() for _line in range(150)]
    assert last_line(load(tmp_path, *lines)) == "added 131, unchanged 0, updated 0, refused 19"
    assert last_line(load(tmp_path, *lines)) == "added 0, unchanged 131, updated 0, refused 19"

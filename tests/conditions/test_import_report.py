"""What all imports share: reading files, batches, all or nothing per row, and the report."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from conditions import import_report
from conditions.import_report import (
    ImportFileError,
    Outcome,
    RefusalError,
    Report,
    Result,
    Row,
    SourceFile,
    checked_save,
    harmless_cell,
    in_batches,
    reason_of,
    unreadable,
)
from conditions.models import Condition


class ConditionImporter:
    """Adds a condition per row; "boom" is refused after it was written, "clash" by the database."""

    def prepare(self, rows: list[Row]) -> None:
        self.prepared = [row.line for row in rows]

    def store(self, row: Row) -> Outcome:
        name = row.values["name"]
        Condition.objects.create(name=name)
        if name == "boom":
            raise RefusalError("It went boom.")
        if name == "clash":
            Condition.objects.create(name="clash", slug="clash-2")
        return Outcome(Result.ADDED, name, notes=("a note",) if name == "noted" else ())

    def finish(self) -> None:
        pass


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SourceFile]:
    path = tmp_path / "rows.txt"
    path.write_text("a\nb\n")
    with SourceFile(path) as opened:
        yield opened


def rows(*names: str) -> list[Row]:
    return [Row(line, {"name": name}) for line, name in enumerate(names, start=1)]


def read(path: Path) -> list[str]:
    with SourceFile(path) as opened:
        return list(opened.lines())


def test_source_file_reads_plain_text_without_byte_order_mark(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(b"\xef\xbb\xbfone\ntwo")
    assert read(path) == ["one\n", "two"]


def test_source_file_reads_gzip_whatever_its_name(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(gzip.compress("über\n".encode()))
    assert read(path) == ["über\n"]


def test_source_file_missing(tmp_path):
    with pytest.raises(ImportFileError, match=r"none\.txt cannot be read: No such file"):
        read(tmp_path / "none.txt")


def test_source_file_is_a_folder(tmp_path):
    with pytest.raises(ImportFileError, match="cannot be read: Is a directory"):
        read(tmp_path)


def test_source_file_named_gz_that_is_not_gzip(tmp_path):
    path = tmp_path / "file.gz"
    path.write_text("plain")
    with pytest.raises(ImportFileError, match="is not a gzip file"):
        read(path)


@pytest.mark.parametrize("damage", [lambda data: data[:-12], lambda data: data[:40] + bytes(40) + data[80:]])
def test_source_file_damaged_gzip(tmp_path, damage):
    path = tmp_path / "file.gz"
    path.write_bytes(damage(gzip.compress("\n".join(map(str, range(5_000))).encode())))
    with pytest.raises(ImportFileError, match="damaged or incomplete after line"):
        read(path)


def test_source_file_marks_bytes_that_are_not_utf8(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(b"good\nb\xe4d\n")
    assert [bool(unreadable(line)) for line in read(path)] == [False, True]


def test_unreadable_finds_the_null_character():
    assert unreadable("a\x00b") == "It is not UTF-8 text, or holds characters that cannot be stored."


def test_in_batches_gives_what_was_read_before_the_file_broke_off():
    def broken() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ImportFileError("over")

    batches = in_batches(broken(), 2)
    assert [next(batches), next(batches)] == [[1, 2], [3]]
    with pytest.raises(ImportFileError, match="over"):
        next(batches)


def test_in_batches_of_an_empty_file():
    assert list(in_batches([])) == []


def test_reason_of_names_the_fields():
    error = ValidationError({"name": ["Too long.", "Odd."], "__all__": ["No."]})
    assert reason_of(error) == "name: Too long. Odd. No."
    assert reason_of(ValidationError("Plain.")) == "Plain."
    assert reason_of(IntegrityError("first\nDETAIL: second")) == "first"
    assert reason_of(IntegrityError()) == "IntegrityError"


@pytest.mark.parametrize(
    ("text", "cell"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("name", "name"), ("\udcff", "\\udcff"), ("", "")]
)
def test_harmless_cell(text, cell):
    assert harmless_cell(text) == cell


def test_report_tells_refusals_and_keeps_notes_for_the_csv():
    told: list[str] = []
    csv_file = io.StringIO()
    report = Report(told.append, csv_file)
    report.add(Row(7), Outcome(Result.REFUSED, "=evil", "Bad."))
    report.add(Row(8), Outcome(Result.ADDED, "Good", notes=("But odd.",)))
    assert told == ["Line 7 refused (=evil): Bad."]
    assert list(csv.reader(io.StringIO(csv_file.getvalue()))) == [
        ["line", "outcome", "entry", "reason"],
        ["7", "refused", "'=evil", "Bad."],
        ["8", "note", "Good", "But odd."],
    ]
    assert report.summary() == "added 1, unchanged 0, updated 0, refused 1"


def test_report_tells_notes_when_asked():
    told: list[str] = []
    Report(told.append, with_notes=True).add(Row(8), Outcome(Result.ADDED, "Good", notes=("But odd.",)))
    assert told == ["Line 8 note (Good): But odd."]


@pytest.mark.django_db
def test_run_takes_back_all_of_a_refused_row(source):
    told: list[str] = []
    report = Report(told.append)
    unread = Row(9, refusal="It is not valid JSON.")
    import_report.run(
        source, [*rows("one", "boom", "clash", "noted"), unread], ConditionImporter(), report, dry_run=False
    )
    assert sorted(Condition.objects.values_list("name", flat=True)) == ["noted", "one"]
    assert told[0] == "Line 2 refused (boom): It went boom."
    assert told[1].startswith("Line 3 refused (clash): duplicate key value")
    assert told[2] == "Line 9 refused: It is not valid JSON."
    assert report.summary() == "added 2, unchanged 0, updated 0, refused 3"


@pytest.mark.django_db
def test_run_dry_reports_the_same_and_writes_nothing(source, monkeypatch):
    monkeypatch.setattr(import_report, "BATCH_SIZE", 1)
    report = Report(lambda _text: None)
    import_report.run(source, rows("one", "boom", "two"), ConditionImporter(), report, dry_run=True)
    assert report.summary() == "added 2, unchanged 0, updated 0, refused 1"
    assert not Condition.objects.exists()


@pytest.mark.django_db
def test_run_keeps_what_came_before_a_broken_end(source):
    def broken() -> Iterator[Row]:
        yield from rows("one", "two")
        raise ImportFileError("over")

    report = Report(lambda _text: None)
    with pytest.raises(ImportFileError):
        import_report.run(source, broken(), ConditionImporter(), report, dry_run=False)
    assert Condition.objects.count() == 2
    assert report.summary() == "added 2, unchanged 0, updated 0, refused 0"


@pytest.mark.django_db
def test_run_is_silent_when_stderr_is_no_terminal(source, capsys):
    import_report.run(source, rows("one"), ConditionImporter(), Report(lambda _text: None), dry_run=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.django_db
def test_checked_save_gives_the_models_words_for_a_database_refusal():
    Condition.objects.create(name="Gout")
    with pytest.raises(ValidationError, match="Condition with this Name already exists"):
        checked_save(Condition(name="Gout"))
    with pytest.raises(ValidationError, match="at most 200 characters"):
        checked_save(Condition(name="x" * 201))
    assert Condition.objects.count() == 1

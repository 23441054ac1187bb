"""What migrations share: triggers that raise the content version. Migrations that have run rest on it: only add here."""

from django.db import migrations


def watch(table: str, query: str) -> list[migrations.RunSQL]:
    """Triggers on ``table``; ``query`` has rows when those in ``changed`` show on a public page."""
    argument = query.replace("'", "''")
    rows = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
    operations = [
        migrations.RunSQL(
            f"""CREATE TRIGGER content_changed_by_{event.lower()} AFTER {event} ON {table}
                REFERENCING {which} TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION conditions_rows_changed('{argument}')""",
            f"DROP TRIGGER content_changed_by_{event.lower()} ON {table}",
        )
        for event, which in rows.items()
    ]
    truncated = migrations.RunSQL(
        f"""CREATE TRIGGER content_changed_by_truncate AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION conditions_table_emptied()""",
        f"DROP TRIGGER content_changed_by_truncate ON {table}",
    )
    return [*operations, truncated]

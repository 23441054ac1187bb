"""PostgreSQL keeps ``Article.live`` and ``Revision.status`` in step, and a published text sourced.

Both are constraint triggers that run at commit: within a transaction the pointer and the status may change in any
order, but no transaction can end with a published revision that is not its article's live one, a live revision that
is not published or belongs to another article, or a published revision without a source.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION conditions_check_article(checked_article bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    live_revision bigint;
BEGIN
    SELECT live_id INTO live_revision FROM conditions_article WHERE id = checked_article;
    IF live_revision IS NOT NULL AND NOT EXISTS (
        SELECT FROM conditions_revision
        WHERE id = live_revision AND article_id = checked_article AND status = 'published'
    ) THEN
        RAISE EXCEPTION 'article %: the live revision must be a published revision of this article', checked_article
            USING ERRCODE = 'check_violation', CONSTRAINT = 'article_live_is_published';
    END IF;
    IF EXISTS (
        SELECT FROM conditions_revision
        WHERE article_id = checked_article AND status = 'published' AND id IS DISTINCT FROM live_revision
    ) THEN
        RAISE EXCEPTION 'article %: a published revision must be the live one', checked_article
            USING ERRCODE = 'check_violation', CONSTRAINT = 'article_published_is_live';
    END IF;
END $$;

CREATE FUNCTION conditions_check_sources(checked_revision bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- A publication and the deletion of the last source, at once, must see each other.
    PERFORM FROM conditions_revision WHERE id = checked_revision FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM conditions_revision WHERE id = checked_revision AND status = 'published')
       AND NOT EXISTS (SELECT FROM conditions_source WHERE revision_id = checked_revision) THEN
        RAISE EXCEPTION 'revision %: a published revision needs a source', checked_revision
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_published_has_source';
    END IF;
END $$;

CREATE FUNCTION conditions_article_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM conditions_check_article(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION conditions_revision_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM conditions_check_article(NEW.article_id);
    IF TG_OP = 'UPDATE' AND OLD.article_id <> NEW.article_id THEN
        PERFORM conditions_check_article(OLD.article_id);
    END IF;
    PERFORM conditions_check_sources(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION conditions_source_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM conditions_check_sources(OLD.revision_id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER conditions_article_live
    AFTER INSERT OR UPDATE OF live_id ON conditions_article
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conditions_article_changed();
CREATE CONSTRAINT TRIGGER conditions_revision_status
    AFTER INSERT OR UPDATE OF status, article_id ON conditions_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conditions_revision_changed();
CREATE CONSTRAINT TRIGGER conditions_source_kept
    AFTER DELETE OR UPDATE OF revision_id ON conditions_source
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conditions_source_gone();
"""

DROP = """
DROP TRIGGER conditions_source_kept ON conditions_source;
DROP TRIGGER conditions_revision_status ON conditions_revision;
DROP TRIGGER conditions_article_live ON conditions_article;
DROP FUNCTION conditions_source_gone();
DROP FUNCTION conditions_revision_changed();
DROP FUNCTION conditions_article_changed();
DROP FUNCTION conditions_check_sources(bigint);
DROP FUNCTION conditions_check_article(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("conditions", "0001_first")]

    operations = [migrations.RunSQL(CREATE, DROP)]

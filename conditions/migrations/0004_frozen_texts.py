"""PostgreSQL freezes a text once it is submitted, allows only the workflow's steps, and never forgets one.

* A revision, its sections and its sources change only while it is a draft; only a draft can be deleted.
* The status moves along the workflow's arrows only; the review's result is written when a text is approved, who took
  a step and when is written with the step. An account's deletion may empty references to it.
* A published text has a source, at least one section, and no empty one (checked at commit).
* Transitions are only ever added. Deleting an account or a draft may empty their references, nothing else.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION conditions_revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a text begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_step';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'revision %: only a draft can be deleted', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_frozen';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.status <> OLD.status AND NOT (OLD.status, NEW.status) IN (
        ('draft', 'in_review'), ('in_review', 'draft'), ('in_review', 'approved'), ('approved', 'draft'),
        ('approved', 'scheduled'), ('approved', 'published'), ('scheduled', 'approved'), ('scheduled', 'draft'),
        ('scheduled', 'published'), ('published', 'archived')
    ) THEN
        RAISE EXCEPTION 'revision %: % cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_step';
    END IF;
    IF OLD.status <> 'draft' AND (
        NEW.article_id, NEW.number, NEW.title, NEW.teaser, NEW.key_points, NEW.author_id, NEW.change_note,
        NEW.imported_from, NEW.based_on_id, NEW.version, NEW.created_at, NEW.edited_at
    ) IS DISTINCT FROM (
        OLD.article_id, OLD.number, OLD.title, OLD.teaser, OLD.key_points, OLD.author_id, OLD.change_note,
        OLD.imported_from, OLD.based_on_id, OLD.version, OLD.created_at, OLD.edited_at
    ) THEN
        RAISE EXCEPTION 'revision %: a submitted text is frozen', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_frozen';
    END IF;
    IF OLD.status <> 'draft' AND NEW.status <> 'draft' AND (OLD.status, NEW.status) <> ('in_review', 'approved') AND (
        NEW.reviewer_id, NEW.reviewed_on, NEW.review_due
    ) IS DISTINCT FROM (OLD.reviewer_id, OLD.reviewed_on, OLD.review_due) THEN
        RAISE EXCEPTION 'revision %: the result of a review is frozen', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_frozen';
    END IF;
    IF OLD.status <> 'draft' AND (
        COALESCE(NEW.created_by_id, OLD.created_by_id) IS DISTINCT FROM OLD.created_by_id
        OR COALESCE(NEW.submitted_by_id, OLD.submitted_by_id) IS DISTINCT FROM OLD.submitted_by_id
        OR (NEW.status = OLD.status AND NEW.publish_at IS DISTINCT FROM OLD.publish_at)
        OR ((NEW.status = OLD.status OR NEW.status <> 'published') AND (
            NEW.published_at IS DISTINCT FROM OLD.published_at
            OR COALESCE(NEW.published_by_id, OLD.published_by_id) IS DISTINCT FROM OLD.published_by_id
        ))
    ) THEN
        RAISE EXCEPTION 'revision %: who took a step, and when, is frozen', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION conditions_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        touched := touched || OLD.revision_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        touched := touched || NEW.revision_id;
    END IF;
    -- The lock makes a write that races with a submission wait, and then see it.
    PERFORM FROM conditions_revision WHERE id = ANY (touched) FOR SHARE;
    IF EXISTS (SELECT FROM conditions_revision WHERE id = ANY (touched) AND status <> 'draft') THEN
        RAISE EXCEPTION '%: a submitted text is frozen', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION conditions_transition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.article_id, NEW.revision_number, NEW.action, NEW.from_status, NEW.to_status, NEW.actor_name,
            NEW.comment, NEW.at)
           IS NOT DISTINCT FROM (OLD.article_id, OLD.revision_number, OLD.action, OLD.from_status, OLD.to_status,
            OLD.actor_name, OLD.comment, OLD.at)
       AND (NEW.revision_id IS NULL OR NEW.revision_id IS NOT DISTINCT FROM OLD.revision_id)
       AND (NEW.actor_id IS NULL OR NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of texts is never changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'transition_kept';
END $$;

CREATE OR REPLACE FUNCTION conditions_check_sources(checked_revision bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- A publication and the deletion of the last source, at once, must see each other.
    PERFORM FROM conditions_revision WHERE id = checked_revision FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM conditions_revision WHERE id = checked_revision AND status = 'published') THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM conditions_source WHERE revision_id = checked_revision) THEN
        RAISE EXCEPTION 'revision %: a published revision needs a source', checked_revision
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_published_has_source';
    END IF;
    IF NOT EXISTS (SELECT FROM conditions_section WHERE revision_id = checked_revision)
       OR EXISTS (SELECT FROM conditions_section WHERE revision_id = checked_revision AND btrim(body) = '') THEN
        RAISE EXCEPTION 'revision %: a published revision needs sections, none of them empty', checked_revision
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_published_has_sections';
    END IF;
END $$;

CREATE TRIGGER conditions_revision_guard BEFORE INSERT OR UPDATE OR DELETE ON conditions_revision
    FOR EACH ROW EXECUTE FUNCTION conditions_revision_guard();
CREATE TRIGGER conditions_section_guard BEFORE INSERT OR UPDATE OR DELETE ON conditions_section
    FOR EACH ROW EXECUTE FUNCTION conditions_part_guard();
CREATE TRIGGER conditions_source_guard BEFORE INSERT OR UPDATE OR DELETE ON conditions_source
    FOR EACH ROW EXECUTE FUNCTION conditions_part_guard();
CREATE TRIGGER conditions_transition_guard BEFORE UPDATE OR DELETE ON conditions_transition
    FOR EACH ROW EXECUTE FUNCTION conditions_transition_guard();
"""

DROP = """
DROP TRIGGER conditions_transition_guard ON conditions_transition;
DROP TRIGGER conditions_source_guard ON conditions_source;
DROP TRIGGER conditions_section_guard ON conditions_section;
DROP TRIGGER conditions_revision_guard ON conditions_revision;
DROP FUNCTION conditions_transition_guard();
DROP FUNCTION conditions_part_guard();
DROP FUNCTION conditions_revision_guard();
CREATE OR REPLACE FUNCTION conditions_check_sources(checked_revision bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM conditions_revision WHERE id = checked_revision FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM conditions_revision WHERE id = checked_revision AND status = 'published')
       AND NOT EXISTS (SELECT FROM conditions_source WHERE revision_id = checked_revision) THEN
        RAISE EXCEPTION 'revision %: a published revision needs a source', checked_revision
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_published_has_source';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("conditions", "0003_workflow")]

    operations = [migrations.RunSQL(CREATE, DROP)]

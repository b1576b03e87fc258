"""Index cells are kept by triggers, whoever writes the answers; published versions are frozen."""

from django.db import migrations

# One statement brings the signed changes to the place and everything above it. Rows are touched
# in one order (from the company down, then process, item, day), and every transaction first takes
# its months' locks in order, so that two transactions can never wait for each other.
APPLY = """
    WITH signed AS ({changes}),
    own AS (
        SELECT place_id, process, item, day, sum(sign)::bigint AS n,
               sum(sign * score::bigint)::bigint AS total,
               sum(sign * score::bigint * score)::bigint AS squares
        FROM signed GROUP BY place_id, process, item, day
    ),
    lifted AS (
        SELECT above.id, above.lo, own.process, own.item, own.day, sum(own.n)::bigint AS n,
               sum(own.total)::bigint AS total, sum(own.squares)::bigint AS squares
        FROM own JOIN places_place p ON p.id = own.place_id
        JOIN places_place above ON above.lo <= p.lo AND above.hi >= p.hi
        WHERE own.n <> 0 OR own.total <> 0 OR own.squares <> 0
        GROUP BY above.id, above.lo, own.process, own.item, own.day
    )
    INSERT INTO surveys_indexcell AS cell (place_id, process, item, day, n, total, squares)
    SELECT id, process, item, day, n, total, squares FROM lifted ORDER BY lo, process, item, day
    ON CONFLICT (place_id, process, item, day) DO UPDATE SET
        n = cell.n + excluded.n,
        total = cell.total + excluded.total,
        squares = cell.squares + excluded.squares;
"""
COUNTS = "a.score IS NOT NULL AND (a.item <> '' OR a.question = '')"
OF_ANSWERS = (
    "SELECT r.place_id, r.process, a.item, r.day, a.score, {sign} AS sign FROM {table} a"
    " JOIN surveys_response r ON r.id = a.response_id"
    f" WHERE {COUNTS} AND r.completed_at IS NOT NULL AND r.withdrawn_at IS NULL"
)
OF_RESPONSES = (
    "SELECT r.place_id, r.process, a.item, r.day, a.score, {sign} AS sign FROM {table} r"
    " JOIN moved m ON m.id = r.id JOIN surveys_answer a ON a.response_id = r.id"
    f" WHERE {COUNTS} AND r.completed_at IS NOT NULL AND r.withdrawn_at IS NULL"
)
NEW, OLD = ("new_rows", 1), ("old_rows", -1)


def apply(template: str, *tables: tuple[str, int]) -> str:
    parts = [template.format(table=table, sign=sign) for table, sign in tables]
    return APPLY.format(changes=" UNION ALL ".join(parts))


def guarded(table: str) -> str:
    """Nobody moves the tree, withdraws the response or touches the same months meanwhile."""
    return f"""
    PERFORM surveys_lock_tree();
    PERFORM 1 FROM surveys_response WHERE id IN (SELECT response_id FROM {table})
        ORDER BY id FOR SHARE;
    PERFORM surveys_lock_months(ARRAY(
        SELECT DISTINCT r.process || to_char(r.day, 'YYYYMM') FROM {table} t
        JOIN surveys_response r ON r.id = t.response_id WHERE r.day IS NOT NULL));
    """


FORWARD = f"""
CREATE FUNCTION surveys_lock_tree() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE EXCEPTION 'index cells need read committed or serializable transactions';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtext('surveys'), hashtext('tree'));
END $$;

CREATE FUNCTION surveys_lock_months(months text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE month text;
BEGIN
    FOR month IN SELECT m FROM unnest(months) AS m ORDER BY m LOOP
        PERFORM pg_advisory_xact_lock(hashtext('surveys'), hashtext(month));
    END LOOP;
END $$;

-- Loads of many years are sorted in memory.
CREATE FUNCTION surveys_answers_changed() RETURNS trigger LANGUAGE plpgsql
    SET work_mem = '96MB' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {guarded("new_rows")}
        {apply(OF_ANSWERS, NEW)}
    ELSIF TG_OP = 'DELETE' THEN
        {guarded("old_rows")}
        {apply(OF_ANSWERS, OLD)}
    ELSE
        {guarded("(SELECT response_id FROM old_rows UNION SELECT response_id FROM new_rows)")}
        {apply(OF_ANSWERS, OLD, NEW)}
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION surveys_responses_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
        WHERE (o.place_id, o.process, o.day, o.completed_at IS NULL, o.withdrawn_at IS NULL)
            IS DISTINCT FROM
              (n.place_id, n.process, n.day, n.completed_at IS NULL, n.withdrawn_at IS NULL)
    ) THEN RETURN NULL; END IF;
    PERFORM surveys_lock_tree();
    PERFORM surveys_lock_months(ARRAY(
        SELECT r.process || to_char(r.day, 'YYYYMM') FROM old_rows r WHERE r.day IS NOT NULL
        UNION SELECT r.process || to_char(r.day, 'YYYYMM') FROM new_rows r WHERE r.day IS NOT NULL));
    {apply(OF_RESPONSES, OLD, NEW).replace("WITH signed", '''WITH moved AS (
        SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id
        WHERE (o.place_id, o.process, o.day, o.completed_at IS NULL, o.withdrawn_at IS NULL)
            IS DISTINCT FROM
              (n.place_id, n.process, n.day, n.completed_at IS NULL, n.withdrawn_at IS NULL)),
    signed''', 1)}
    RETURN NULL;
END $$;

CREATE FUNCTION surveys_response_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM surveys_answer WHERE response_id = OLD.id;
    RETURN OLD;
END $$;

CREATE FUNCTION surveys_answers_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM surveys_indexcell;
    RETURN NULL;
END $$;

CREATE TRIGGER answers_inserted AFTER INSERT ON surveys_answer
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION surveys_answers_changed();
CREATE TRIGGER answers_updated AFTER UPDATE ON surveys_answer
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION surveys_answers_changed();
CREATE TRIGGER answers_deleted AFTER DELETE ON surveys_answer
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION surveys_answers_changed();
CREATE TRIGGER answers_emptied AFTER TRUNCATE ON surveys_answer
    FOR EACH STATEMENT EXECUTE FUNCTION surveys_answers_emptied();
CREATE TRIGGER responses_changed AFTER UPDATE ON surveys_response
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION surveys_responses_changed();
CREATE TRIGGER response_leaves BEFORE DELETE ON surveys_response
    FOR EACH ROW EXECUTE FUNCTION surveys_response_leaves();

-- An answer must find its response at once: the cells are made from both.
DO $$
DECLARE name text;
BEGIN
    SELECT conname INTO STRICT name FROM pg_constraint
    WHERE contype = 'f' AND conrelid = 'surveys_answer'::regclass
        AND confrelid = 'surveys_response'::regclass;
    EXECUTE format('ALTER TABLE surveys_answer ALTER CONSTRAINT %I NOT DEFERRABLE', name);
END $$;

CREATE FUNCTION surveys_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.published_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM surveys_response WHERE version_id = OLD.id))
       AND (NEW.body, NEW.number, NEW.survey_id, NEW.published_at)
           IS DISTINCT FROM (OLD.body, OLD.number, OLD.survey_id, OLD.published_at) THEN
        RAISE EXCEPTION 'version % is published and never edited', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_frozen BEFORE UPDATE ON surveys_version
    FOR EACH ROW EXECUTE FUNCTION surveys_version_frozen();
"""

BACKWARD = """
DROP TRIGGER version_frozen ON surveys_version;
DROP TRIGGER response_leaves ON surveys_response;
DROP TRIGGER responses_changed ON surveys_response;
DROP TRIGGER answers_inserted ON surveys_answer;
DROP TRIGGER answers_updated ON surveys_answer;
DROP TRIGGER answers_deleted ON surveys_answer;
DROP TRIGGER answers_emptied ON surveys_answer;
DROP FUNCTION surveys_version_frozen, surveys_answers_emptied, surveys_response_leaves,
    surveys_responses_changed, surveys_answers_changed, surveys_lock_months, surveys_lock_tree;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

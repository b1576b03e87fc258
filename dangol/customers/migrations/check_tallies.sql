-- Checks are counted by statement: what a statement changed becomes rows of signed counts.
CREATE FUNCTION customers_checks_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO customers_checktally (span, first, place_id, source, checked, wrong)
        SELECT s.span, s.first, c.home_place_id, c.source, count(*),
               count(*) FILTER (WHERE c.outcome IN ('wrong', 'moved'))
        FROM new_rows c CROSS JOIN LATERAL (VALUES
            ('day', c.day), ('month', date_trunc('month', c.day)::date)) s (span, first)
        GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO customers_checktally (span, first, place_id, source, checked, wrong)
        SELECT s.span, s.first, c.home_place_id, c.source, -count(*),
               -count(*) FILTER (WHERE c.outcome IN ('wrong', 'moved'))
        FROM old_rows c CROSS JOIN LATERAL (VALUES
            ('day', c.day), ('month', date_trunc('month', c.day)::date)) s (span, first)
        GROUP BY 1, 2, 3, 4;
    ELSE
        INSERT INTO customers_checktally (span, first, place_id, source, checked, wrong)
        SELECT s.span, s.first, c.home_place_id, c.source, sum(c.sign),
               coalesce(sum(c.sign) FILTER (WHERE c.outcome IN ('wrong', 'moved')), 0)
        FROM (SELECT home_place_id, source, outcome, day, 1 AS sign FROM new_rows
              UNION ALL SELECT home_place_id, source, outcome, day, -1 FROM old_rows) c
        CROSS JOIN LATERAL (VALUES
            ('day', c.day), ('month', date_trunc('month', c.day)::date)) s (span, first)
        GROUP BY 1, 2, 3, 4
        HAVING sum(c.sign) <> 0
            OR coalesce(sum(c.sign) FILTER (WHERE c.outcome IN ('wrong', 'moved')), 0) <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION customers_checks_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM customers_checktally;
    RETURN NULL;
END $$;

CREATE TRIGGER checks_inserted AFTER INSERT ON customers_check
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION customers_checks_counted();
CREATE TRIGGER checks_updated AFTER UPDATE ON customers_check
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION customers_checks_counted();
CREATE TRIGGER checks_deleted AFTER DELETE ON customers_check
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION customers_checks_counted();
CREATE TRIGGER checks_emptied AFTER TRUNCATE ON customers_check
    FOR EACH STATEMENT EXECUTE FUNCTION customers_checks_emptied();

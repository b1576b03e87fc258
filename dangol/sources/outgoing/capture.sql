-- Which rows changed, written into the transaction of the change, while anybody wants to know.
-- A statement's rows are one row here, so that a load by COPY costs one.
CREATE FUNCTION sources_note_changes(which text, changed uuid[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO sources_change (entity, keys, xid, at)
    SELECT which, part, pg_current_xact_id()::text::bigint, clock_timestamp()
    FROM (SELECT (changed)[n:n + 99] AS part
          FROM generate_series(1, coalesce(array_length(changed, 1), 0), 100) AS n) parts
$$;

CREATE FUNCTION sources_wanted(which text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM sources_subscriber WHERE entity = which AND ended_at IS NULL)
$$;

CREATE FUNCTION sources_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found uuid[];
BEGIN
    IF NOT sources_wanted(TG_ARGV[0]) THEN RETURN NULL; END IF;
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM old_rows', TG_ARGV[1]) INTO found;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[1]) INTO found;
    END IF;
    PERFORM sources_note_changes(TG_ARGV[0], found);
    RETURN NULL;
END $$;

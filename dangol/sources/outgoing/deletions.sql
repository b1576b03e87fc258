-- Deletions are always noted: a subscriber that comes while one is under way could not find its row.
CREATE OR REPLACE FUNCTION sources_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found uuid[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM old_rows', TG_ARGV[1]) INTO found;
    ELSIF sources_wanted(TG_ARGV[0]) THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[1]) INTO found;
    ELSE
        RETURN NULL;
    END IF;
    PERFORM sources_note_changes(TG_ARGV[0], found);
    RETURN NULL;
END $$;

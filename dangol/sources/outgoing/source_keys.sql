-- What the sources call a customer: a record that comes, goes, returns or moves to another customer
-- is told of both; one that was only read again is not. Records without a customer concern nobody.
CREATE FUNCTION sources_record_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found uuid[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT customer_id) INTO found FROM old_rows
        WHERE customer_id IS NOT NULL;
    ELSIF NOT sources_wanted(TG_ARGV[0]) THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT customer_id) INTO found FROM new_rows
        WHERE customer_id IS NOT NULL;
    ELSE
        SELECT array_agg(DISTINCT whose) INTO found
        FROM old_rows o JOIN new_rows n ON n.id = o.id
            CROSS JOIN LATERAL (VALUES (o.customer_id), (n.customer_id)) both_sides (whose)
        WHERE whose IS NOT NULL
            AND (o.customer_id, o.source, o.key, o.gone_at IS NULL)
                IS DISTINCT FROM (n.customer_id, n.source, n.key, n.gone_at IS NULL);
    END IF;
    PERFORM sources_note_changes(TG_ARGV[0], found);
    RETURN NULL;
END $$;

INSERT INTO customers_sourcerecord (source, key, kind, customer_id, values, first_seen_at, seen_at,
    changed_at, revision, unread, times)
SELECT coalesce(nullif(c.source, ''), 'dangol'), coalesce(nullif(c.source_key, ''), c.id::text),
    c.kind, c.id, jsonb_strip_nulls(jsonb_build_object('name', c.name,
        'given_name', nullif(c.given_name, ''), 'family_name', nullif(c.family_name, ''),
        'born_on', c.born_on, 'gender', nullif(c.gender, ''), 'language', c.language,
        'tier', nullif(c.tier, ''), 'note', nullif(c.note, ''), 'home', c.home_place_id,
        'phone', p.phone, 'phone2', p.phone2, 'email', p.email, 'address', p.address,
        'postcode', p.postcode)),
    c.created_at, c.updated_at, c.updated_at, 1, true, '{}'
FROM customers_customer c LEFT JOIN LATERAL (
    SELECT (array_agg(value ORDER BY preferred DESC, created_at) FILTER (WHERE kind = 'phone'))[1]
               AS phone,
           (array_agg(value ORDER BY preferred DESC, created_at) FILTER (WHERE kind = 'phone'))[2]
               AS phone2,
           (array_agg(value ORDER BY preferred DESC, created_at) FILTER (WHERE kind = 'email'))[1]
               AS email,
           (array_agg(value ORDER BY preferred DESC, created_at) FILTER (WHERE kind = 'address'))[1]
               AS address,
           (array_agg(parts ->> 'postcode' ORDER BY preferred DESC, created_at)
               FILTER (WHERE kind = 'address'))[1] AS postcode
    FROM customers_contactpoint WHERE customer_id = c.id AND ended_at IS NULL) p ON true
WHERE NOT EXISTS (SELECT 1 FROM customers_sourcerecord r WHERE r.customer_id = c.id)
ON CONFLICT (source, key) DO NOTHING;

"""Indexes for finding, and the trigger that keeps every spelling of a name once."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

INDEXES = """
CREATE INDEX customer_name_jamo ON customers_customer (name_jamo text_pattern_ops);
CREATE INDEX customer_name_initials ON customers_customer (name_initials text_pattern_ops);
CREATE INDEX customer_home ON customers_customer (home_place_id, id);
CREATE INDEX contact_tail ON customers_contactpoint (tail text_pattern_ops)
    WHERE kind = 'phone' AND ended_at IS NULL;
CREATE INDEX contact_email ON customers_contactpoint (value text_pattern_ops)
    WHERE kind = 'email' AND ended_at IS NULL;
CREATE INDEX known_name_alike ON customers_knownname USING gin (name_jamo gin_trgm_ops);
"""
DROP = """
DROP INDEX customer_name_jamo; DROP INDEX customer_name_initials; DROP INDEX customer_home;
DROP INDEX contact_tail; DROP INDEX contact_email; DROP INDEX known_name_alike;
"""
TRIGGER = """
CREATE FUNCTION customers_keep_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_knownname (name_jamo)
    SELECT DISTINCT name_jamo FROM fresh WHERE name_jamo <> '' ORDER BY name_jamo
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER customers_names_in AFTER INSERT ON customers_customer
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION customers_keep_names();
CREATE TRIGGER customers_names_changed AFTER UPDATE ON customers_customer
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION customers_keep_names();
"""
UNTRIGGER = """
DROP TRIGGER customers_names_in ON customers_customer;
DROP TRIGGER customers_names_changed ON customers_customer;
DROP FUNCTION customers_keep_names();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(INDEXES, DROP),
        migrations.RunSQL(TRIGGER, UNTRIGGER),
    ]

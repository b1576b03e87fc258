-- Hand out the best due call of the given slots (campaign × time zone, best first).
--
-- Each slot and level is one probe of the partial index target_pool: no sort, whatever lies there.
-- Nobody waits: rows that another agent is taking are passed over. What must not be called now is
-- put off or finished with its reason, and the search goes on.
CREATE OR REPLACE FUNCTION campaigns_claim(
    p_agent uuid, p_now timestamptz, p_lease interval,
    p_campaigns uuid[], p_zones text[], p_days date[],
    p_capacities int[], p_quarantines int[], p_valid int[]
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    t campaigns_target;
    full_slots boolean[] := array_fill(false, ARRAY[greatest(coalesce(array_length(p_campaigns, 1), 0), 1)]);
    slot int;
    probe int;
    v_reason text;
    v_until timestamptz;
    v_contact timestamptz;
    v_phone text;
    v_own boolean := EXISTS (SELECT 1 FROM campaigns_target x WHERE x.assigned_to_id = p_agent
                             AND x.finished_at IS NULL);
BEGIN
    FOR slot IN 1 .. coalesce(array_length(p_campaigns, 1), 0) LOOP
        full_slots[slot] := p_capacities[slot] IS NOT NULL AND EXISTS (
            SELECT 1 FROM campaigns_allowance a WHERE a.campaign_id = p_campaigns[slot]
            AND a."on" = p_days[slot] AND a.used >= p_capacities[slot]);
    END LOOP;

    FOR attempt IN 1 .. 200 LOOP
        t := NULL;
        -- What was handed over to this agent comes first.
        FOR slot_ IN 1 .. coalesce(array_length(p_campaigns, 1), 0) LOOP
            EXIT WHEN NOT v_own;
            slot := slot_;
            CONTINUE WHEN full_slots[slot];
            SELECT * INTO t FROM campaigns_target x
            WHERE x.assigned_to_id = p_agent AND x.finished_at IS NULL AND x.next_at <= p_now
              AND x.campaign_id = p_campaigns[slot] AND x.zone = p_zones[slot]
            ORDER BY x.level, x.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
            EXIT WHEN t.id IS NOT NULL;
        END LOOP;
        IF t.id IS NULL THEN
            <<slots>>
            FOR slot_ IN 1 .. coalesce(array_length(p_campaigns, 1), 0) LOOP
                slot := slot_;
                CONTINUE WHEN full_slots[slot];
                FOR probe IN 0 .. 3 LOOP
                    SELECT * INTO t FROM campaigns_target x
                    WHERE x.campaign_id = p_campaigns[slot] AND x.zone = p_zones[slot]
                      AND x.level = probe AND x.next_at <= p_now
                      AND x.finished_at IS NULL AND x.assigned_to_id IS NULL
                    ORDER BY x.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
                    EXIT slots WHEN t.id IS NOT NULL;
                END LOOP;
            END LOOP slots;
        END IF;
        IF t.id IS NULL THEN
            RETURN NULL;
        END IF;

        -- Two calls about different things must not reach one customer at the same time.
        IF NOT pg_try_advisory_xact_lock(hashtextextended(t.customer_id::text, 7)) OR EXISTS (
            SELECT 1 FROM campaigns_target o WHERE o.customer_id = t.customer_id AND o.id <> t.id
            AND o.finished_at IS NULL AND o.leased_by_id IS NOT NULL AND o.next_at > p_now) THEN
            UPDATE campaigns_target SET next_at = p_now + interval '10 minutes' WHERE id = t.id;
            CONTINUE;
        END IF;

        v_reason := NULL;
        v_until := NULL;
        SELECT CASE WHEN count(*) = 0 THEN 'no_phone'
                    WHEN NOT bool_or(c.state NOT IN ('wrong', 'moved')) THEN 'wrong_phone' END
          INTO v_phone FROM customers_contactpoint c
         WHERE c.customer_id = t.customer_id AND c.kind = 'phone' AND c.ended_at IS NULL;
        IF v_phone IS NOT NULL THEN
            v_reason := v_phone;
        ELSIF t.level > 0 AND p_days[slot] > t.due_on + p_valid[slot] THEN
            v_reason := 'too_late';
        ELSIF t.level > 0 AND p_quarantines[slot] > 0 THEN
            SELECT max(i.answered_at) INTO v_contact FROM interactions_interaction i
             WHERE i.customer_id = t.customer_id AND i.answered_at IS NOT NULL
               AND i.queued_at > p_now - make_interval(days => p_quarantines[slot])
               AND i.thread_id IS DISTINCT FROM t.thread_id;
            IF v_contact IS NOT NULL THEN
                v_reason := 'quarantine';
                v_until := v_contact + make_interval(days => p_quarantines[slot]);
                IF v_until::date > t.due_on + p_valid[slot] THEN
                    v_until := NULL;
                END IF;
            END IF;
        END IF;

        IF v_reason IS NOT NULL THEN
            INSERT INTO campaigns_decision (id, created_at, campaign_id, stage_id, customer_id,
                transaction_id, target_id, chosen, reason, facts, at, making)
            VALUES (uuidv7(), p_now, t.campaign_id, t.stage_id, t.customer_id, t.transaction_id,
                t.id, false, v_reason,
                jsonb_strip_nulls(jsonb_build_object('due_on', t.due_on, 'contact_at', v_contact,
                    'until', v_until)), p_now, false);
            IF v_until IS NULL THEN
                UPDATE campaigns_target SET finished_at = p_now, result = v_reason,
                    leased_by_id = NULL, leased_at = NULL WHERE id = t.id;
            ELSE
                UPDATE campaigns_target SET next_at = greatest(v_until, p_now + interval '1 minute'),
                    leased_by_id = NULL, leased_at = NULL WHERE id = t.id;
            END IF;
            CONTINUE;
        END IF;

        -- A call that came back from a crashed desk today was counted already.
        IF p_capacities[slot] IS NOT NULL AND NOT (t.leased_by_id IS NOT NULL
               AND (t.leased_at AT TIME ZONE t.zone)::date = p_days[slot]) THEN
            INSERT INTO campaigns_allowance AS a (campaign_id, "on", used)
            SELECT t.campaign_id, p_days[slot], 1 WHERE p_capacities[slot] > 0
            ON CONFLICT (campaign_id, "on") DO UPDATE SET used = a.used + 1
            WHERE a.used < p_capacities[slot];
            IF NOT FOUND THEN
                full_slots[slot] := true;
                CONTINUE;
            END IF;
        END IF;

        UPDATE campaigns_target SET next_at = p_now + p_lease, leased_by_id = p_agent,
            leased_at = p_now WHERE id = t.id;
        RETURN t.id;
    END LOOP;
    RETURN NULL;
END $$;

-- Kept counts: what came, went or changed its result, appended without waiting for anybody.
CREATE OR REPLACE FUNCTION campaigns_tally_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_tally (stage_id, result, amount)
    SELECT stage_id, result, count(*) FROM fresh GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION campaigns_tally_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_tally (stage_id, result, amount)
    VALUES (OLD.stage_id, OLD.result, -1), (NEW.stage_id, NEW.result, 1);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION campaigns_tally_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_tally (stage_id, result, amount)
    SELECT g.stage_id, g.result, -count(*) FROM gone g
    JOIN campaigns_stage s ON s.id = g.stage_id GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE TRIGGER target_made AFTER INSERT ON campaigns_target
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION campaigns_tally_made();
CREATE TRIGGER target_changed AFTER UPDATE ON campaigns_target FOR EACH ROW
    WHEN (OLD.result IS DISTINCT FROM NEW.result OR OLD.stage_id IS DISTINCT FROM NEW.stage_id)
    EXECUTE FUNCTION campaigns_tally_changed();
CREATE TRIGGER target_gone AFTER DELETE ON campaigns_target
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION campaigns_tally_gone();

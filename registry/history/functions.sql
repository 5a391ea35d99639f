-- Versions of every tracked row, whatever wrote it. Installed after every migrate; every statement can be repeated.
--
--   stamp()        before each row: counts the version; a write that changes nothing keeps the number
--   note_*()       after each statement: remembers which rows it changed, then opens the change-set
--   seal()         at commit: steps back behind every other deferred check
--   seal_last()    then, under the clock's row lock: numbers the change-set and writes the versions
--
-- Versions are written once, at commit, from what the row has become: two saves in one transaction leave one
-- version, a save and its undoing leave none, an insert with its delete leaves none.
-- Whoever makes the constraints IMMEDIATE has every statement sealed at once: one change-set for each.

CREATE SCHEMA IF NOT EXISTS history;
CREATE SCHEMA IF NOT EXISTS known;

CREATE UNLOGGED TABLE IF NOT EXISTS history.pending (
    changeset_id bigint NOT NULL,
    table_name   name   NOT NULL,
    entry_id     bigint NOT NULL,
    PRIMARY KEY (changeset_id, table_name, entry_id)
);

-- The open change-set of this transaction, or the id for a new one. It is opened after its rows are noted: with
-- immediate constraints the opening seals it.
CREATE OR REPLACE FUNCTION history.current_changeset() RETURNS bigint LANGUAGE sql AS $$
    SELECT COALESCE(
        (SELECT id FROM public.registry_changeset WHERE pending_transaction = pg_current_xact_id()::text::bigint),
        nextval(pg_get_serial_sequence('public.registry_changeset', 'id')));
$$;

CREATE OR REPLACE FUNCTION history.open_changeset(changeset bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.registry_changeset (id, actor_id, key_id, database_role, request_id, reason, pending_transaction)
    SELECT changeset,
           NULLIF(current_setting('registry.actor', true), '')::bigint,
           NULLIF(current_setting('registry.key', true), '')::bigint,
           current_user,
           COALESCE(current_setting('registry.request_id', true), ''),
           COALESCE(current_setting('registry.reason', true), ''),
           pg_current_xact_id()::text::bigint
    WHERE NOT EXISTS (SELECT FROM public.registry_changeset WHERE id = changeset);
$$;

CREATE OR REPLACE FUNCTION history.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        RETURN NEW;
    END IF;
    IF NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'the id of an entry never changes (% %)', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.version := OLD.version;
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION history.note_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeset bigint;
BEGIN
    IF EXISTS (SELECT FROM new_rows) THEN
        changeset := history.current_changeset();
        INSERT INTO history.pending
        SELECT changeset, TG_TABLE_NAME, id FROM new_rows
        ON CONFLICT DO NOTHING;
        PERFORM history.open_changeset(changeset);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history.note_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeset bigint;
BEGIN
    IF EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) WHERE n.version <> o.version) THEN
        changeset := history.current_changeset();
        INSERT INTO history.pending
        SELECT changeset, TG_TABLE_NAME, n.id
        FROM new_rows n JOIN old_rows o USING (id) WHERE n.version <> o.version
        ON CONFLICT DO NOTHING;
        PERFORM history.open_changeset(changeset);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history.note_delete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeset bigint;
BEGIN
    IF EXISTS (SELECT FROM old_rows) THEN
        changeset := history.current_changeset();
        INSERT INTO history.pending
        SELECT changeset, TG_TABLE_NAME, id FROM old_rows
        ON CONFLICT DO NOTHING;
        PERFORM history.open_changeset(changeset);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history.refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps versions and is not truncated: delete its rows', TG_TABLE_NAME
        USING ERRCODE = 'feature_not_supported';
END $$;

CREATE OR REPLACE FUNCTION history.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Depth 1 is a statement of a user's own; the functions here come from inside a trigger.
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'versions are append-only (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history.seal_table(tracked name, changeset bigint, at timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    columns text; now_row text; old_row text; written bigint; ended bigint;
BEGIN
    SELECT string_agg(quote_ident(attname), ', '),
           string_agg('b.' || quote_ident(attname), ', ') FILTER (WHERE attname <> 'version'),
           string_agg('h.' || quote_ident(attname), ', ') FILTER (WHERE attname <> 'version')
    INTO columns, now_row, old_row
    FROM pg_attribute
    WHERE attrelid = format('public.%I', tracked)::regclass AND attnum > 0 AND NOT attisdropped;

    EXECUTE format(
        'UPDATE history.%1$I h SET recorded = tstzrange(lower(h.recorded), $1), closed_by = $2
         FROM history.pending p LEFT JOIN public.%1$I b ON b.id = p.entry_id
         WHERE p.changeset_id = $2 AND p.table_name = $3 AND h.id = p.entry_id AND upper_inf(h.recorded)
           AND (b.id IS NULL OR ROW(%2$s) IS DISTINCT FROM ROW(%3$s))', tracked, now_row, old_row)
    USING at, changeset, tracked;
    GET DIAGNOSTICS ended = ROW_COUNT;

    EXECUTE format(
        'INSERT INTO history.%1$I (%2$s, recorded, changeset_id)
         SELECT b.*, tstzrange($1, NULL), $2
         FROM (SELECT %2$s FROM public.%1$I) b JOIN history.pending p ON p.entry_id = b.id
         WHERE p.changeset_id = $2 AND p.table_name = $3
           AND NOT EXISTS (SELECT FROM history.%1$I h WHERE h.id = b.id AND upper_inf(h.recorded))',
        tracked, columns)
    USING at, changeset, tracked;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN ended + written;
END $$;

-- After a great upload the planner still takes its tables for what they were: what is derived of 20,000 new firms
-- would take an hour.
CREATE OR REPLACE FUNCTION history.seal_last() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    many_rows constant integer := 1000;
    previous public.registry_clock%ROWTYPE; at timestamptz; tracked name; changed bigint := 0;
BEGIN
    INSERT INTO public.registry_clock (id, sequence, recorded_at) VALUES (1, 0, to_timestamp(0)) ON CONFLICT DO NOTHING;
    -- Held until the commit is seen: who looks back to a moment after the last one waits for it (`known.settle`).
    PERFORM pg_advisory_xact_lock(hashtext('registry.sealing'));
    SELECT * INTO previous FROM public.registry_clock WHERE id = 1 FOR UPDATE;
    at := GREATEST(clock_timestamp(), previous.recorded_at + interval '1 microsecond');
    FOR tracked IN
        SELECT table_name FROM history.pending WHERE changeset_id = NEW.id
        GROUP BY table_name HAVING count(*) > many_rows
    LOOP
        EXECUTE format('ANALYZE public.%I', tracked);
    END LOOP;
    FOR tracked IN SELECT DISTINCT table_name FROM history.pending WHERE changeset_id = NEW.id LOOP
        IF to_regclass(format('history.%I', tracked)) IS NULL THEN
            changed := changed + 1;  -- new rows of a table that is final and needs no versions
        ELSE
            changed := changed + history.seal_table(tracked, NEW.id, at);
        END IF;
    END LOOP;
    IF changed = 0 THEN
        DELETE FROM public.registry_changeset WHERE id = NEW.id;
    ELSE
        UPDATE public.registry_clock SET sequence = previous.sequence + 1, recorded_at = at WHERE id = 1;
        UPDATE public.registry_changeset
        SET sequence = previous.sequence + 1, recorded_at = at, pending_transaction = NULL WHERE id = NEW.id;
    END IF;
    -- Last, so that a trigger on the numbering can still see which tables were touched.
    DELETE FROM history.pending WHERE changeset_id = NEW.id;
    RETURN NULL;
END $$;

-- Foreign keys and exclusion constraints that wait for another transaction must not wait with the clock in hand:
-- it would stop every other writer, and the one waited for. The event queued here fires after all that were due.
CREATE OR REPLACE FUNCTION history.seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.registry_changeset SET pending_transaction = pending_transaction WHERE id = NEW.id;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS seal ON public.registry_changeset;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON public.registry_changeset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history.seal();
DROP TRIGGER IF EXISTS seal_last ON public.registry_changeset;
CREATE CONSTRAINT TRIGGER seal_last AFTER UPDATE OF pending_transaction ON public.registry_changeset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.pending_transaction IS NOT NULL)
    EXECUTE FUNCTION history.seal_last();

CREATE OR REPLACE TRIGGER refuse_rewriting BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.registry_changeset
    FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_rewriting();
CREATE OR REPLACE TRIGGER refuse_rewriting BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.registry_clock
    FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_rewriting();

-- Columns that a table gained are added to its versions, changed types follow, lost columns stay. Older versions
-- need not meet the rules of today, so only what every version has is NOT NULL.
CREATE OR REPLACE FUNCTION history.follow_columns(source regclass, target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    followed record; loosened text;
BEGIN
    FOR followed IN
        SELECT s.attname, format_type(s.atttypid, s.atttypmod) AS type, t.attname IS NULL AS is_new
        FROM pg_attribute s
        LEFT JOIN pg_attribute t ON t.attrelid = target AND t.attname = s.attname AND NOT t.attisdropped
        WHERE s.attrelid = source AND s.attnum > 0 AND NOT s.attisdropped
          AND (t.attname IS NULL OR (t.atttypid, t.atttypmod) <> (s.atttypid, s.atttypmod))
    LOOP
        IF followed.is_new THEN
            EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', target, followed.attname, followed.type);
            EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', target);
            EXECUTE format('UPDATE %1$s h SET %2$I = b.%2$I FROM %3$s b WHERE b.id = h.id AND upper_inf(h.recorded)',
                           target, followed.attname, source);
            EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', target);
        ELSE
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', target, followed.attname, followed.type);
        END IF;
    END LOOP;

    SELECT string_agg(format('ALTER COLUMN %I DROP NOT NULL', attname), ', ') INTO loosened
    FROM pg_attribute
    WHERE attrelid = target AND attnum > 0 AND attnotnull AND attname NOT IN ('id', 'recorded', 'changeset_id');
    IF loosened IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s %s', target, loosened);
    END IF;
END $$;

-- The indexes of a table, made for its versions: who looks back asks the same questions. Without them each entry of a
-- page reads whole tables.
CREATE OR REPLACE FUNCTION history.follow_indexes(followed name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        WITH wanted AS (
            SELECT left('like_' || c.relname, 63) AS name,
                   regexp_replace(pg_get_indexdef(c.oid), '^CREATE (UNIQUE )?INDEX \S+ ON public\.',
                                  format('CREATE INDEX %I ON history.', left('like_' || c.relname, 63))) AS definition
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = format('public.%I', followed)::regclass AND NOT i.indisprimary AND NOT i.indisexclusion
              AND c.relname NOT LIKE '%\_like'  -- of Django, for LIKE on a text
        ), present AS (
            SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = format('history.%I', followed)::regclass AND c.relname LIKE 'like\_%'
        )
        SELECT p.name AS old, w.definition AS new FROM wanted w FULL JOIN present p USING (name)
        WHERE w.definition IS DISTINCT FROM p.definition
    LOOP
        IF found.old IS NOT NULL THEN
            EXECUTE format('DROP INDEX history.%I', found.old);
        END IF;
        IF found.new IS NOT NULL THEN
            EXECUTE found.new;
        END IF;
    END LOOP;
END $$;

-- The version table and the triggers of one tracked table; a row that was there before has no version until it changes.
CREATE OR REPLACE FUNCTION history.track(tracked name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    source constant regclass := format('public.%I', tracked)::regclass; target regclass;
BEGIN
    IF to_regclass(format('history.%I', tracked)) IS NULL THEN
        EXECUTE format('CREATE TABLE history.%1$I (LIKE public.%1$I, recorded tstzrange NOT NULL,
            changeset_id bigint NOT NULL, closed_by bigint, PRIMARY KEY (id, changeset_id))', tracked);
        EXECUTE format('CREATE UNIQUE INDEX ON history.%I (id) WHERE upper_inf(recorded)', tracked);
        EXECUTE format('CREATE INDEX ON history.%I (changeset_id)', tracked);
        EXECUTE format('CREATE INDEX ON history.%I (closed_by) WHERE closed_by IS NOT NULL', tracked);
    END IF;
    target := format('history.%I', tracked)::regclass;
    PERFORM history.follow_columns(source, target);

    EXECUTE format('CREATE OR REPLACE TRIGGER stamp BEFORE INSERT OR UPDATE ON %s
        FOR EACH ROW EXECUTE FUNCTION history.stamp()', source);
    EXECUTE format('CREATE OR REPLACE TRIGGER note_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION history.note_insert()', source);
    EXECUTE format('CREATE OR REPLACE TRIGGER note_update AFTER UPDATE ON %s
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION history.note_update()', source);
    EXECUTE format('CREATE OR REPLACE TRIGGER note_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION history.note_delete()', source);
    EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_truncate()', source);
    EXECUTE format('CREATE OR REPLACE TRIGGER refuse_rewriting BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_rewriting()', target);
END $$;

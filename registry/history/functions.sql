-- Versions of every tracked row, whatever wrote it. Installed after every migrate; every statement can be repeated.
--
--   stamp()        before each row: counts the version; a write that changes nothing keeps the number
--   note_*()       after each statement: remembers which rows it changed, and opens the change-set
--   seal()         at commit, under the clock's row lock: numbers the change-set and writes the versions
--
-- Versions are written once, at commit, from what the row has become: two saves in one transaction leave one
-- version, a save and its undoing leave none, an insert with its delete leaves none.

CREATE SCHEMA IF NOT EXISTS history;

CREATE UNLOGGED TABLE IF NOT EXISTS history.pending (
    changeset_id bigint NOT NULL,
    table_name   name   NOT NULL,
    entry_id     bigint NOT NULL,
    PRIMARY KEY (changeset_id, table_name, entry_id)
);

CREATE OR REPLACE FUNCTION history.current_changeset() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    this_transaction constant bigint := pg_current_xact_id()::text::bigint;
    found_id bigint;
BEGIN
    SELECT id INTO found_id FROM public.registry_changeset WHERE pending_transaction = this_transaction;
    IF found_id IS NULL THEN
        INSERT INTO public.registry_changeset (actor_id, database_role, request_id, reason, pending_transaction)
        VALUES (
            NULLIF(current_setting('registry.actor', true), '')::bigint,
            current_user,
            COALESCE(current_setting('registry.request_id', true), ''),
            COALESCE(current_setting('registry.reason', true), ''),
            this_transaction
        )
        RETURNING id INTO found_id;
    END IF;
    RETURN found_id;
END $$;

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
BEGIN
    IF EXISTS (SELECT FROM new_rows) THEN
        INSERT INTO history.pending
        SELECT c.id, TG_TABLE_NAME, n.id FROM new_rows n, history.current_changeset() AS c(id)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history.note_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) WHERE n.version <> o.version) THEN
        INSERT INTO history.pending
        SELECT c.id, TG_TABLE_NAME, n.id
        FROM new_rows n JOIN old_rows o USING (id), history.current_changeset() AS c(id)
        WHERE n.version <> o.version
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history.note_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows) THEN
        INSERT INTO history.pending
        SELECT c.id, TG_TABLE_NAME, o.id FROM old_rows o, history.current_changeset() AS c(id)
        ON CONFLICT DO NOTHING;
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
    -- Depth 1 is a statement of a user's own; seal() comes from inside a trigger.
    IF pg_trigger_depth() < 2 OR TG_OP IN ('DELETE', 'TRUNCATE') THEN
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

CREATE OR REPLACE FUNCTION history.seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous public.registry_clock%ROWTYPE; at timestamptz; tracked name; changed bigint := 0;
BEGIN
    INSERT INTO public.registry_clock (id, sequence, recorded_at) VALUES (1, 0, to_timestamp(0)) ON CONFLICT DO NOTHING;
    SELECT * INTO previous FROM public.registry_clock WHERE id = 1 FOR UPDATE;
    at := GREATEST(clock_timestamp(), previous.recorded_at + interval '1 microsecond');
    FOR tracked IN SELECT DISTINCT table_name FROM history.pending WHERE changeset_id = NEW.id LOOP
        changed := changed + history.seal_table(tracked, NEW.id, at);
    END LOOP;
    DELETE FROM history.pending WHERE changeset_id = NEW.id;
    IF changed = 0 THEN
        DELETE FROM public.registry_changeset WHERE id = NEW.id;
    ELSE
        UPDATE public.registry_clock SET sequence = previous.sequence + 1, recorded_at = at WHERE id = 1;
        UPDATE public.registry_changeset
        SET sequence = previous.sequence + 1, recorded_at = at, pending_transaction = NULL WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS seal ON public.registry_changeset;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON public.registry_changeset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history.seal();

-- The version table and the triggers of one tracked table; columns that it gained since are added.
CREATE OR REPLACE FUNCTION history.track(tracked name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    source constant regclass := format('public.%I', tracked)::regclass; target regclass; gained record;
BEGIN
    IF to_regclass(format('history.%I', tracked)) IS NULL THEN
        EXECUTE format('CREATE TABLE history.%1$I (LIKE public.%1$I, recorded tstzrange NOT NULL,
            changeset_id bigint NOT NULL, closed_by bigint, PRIMARY KEY (id, changeset_id))', tracked);
        EXECUTE format('CREATE UNIQUE INDEX ON history.%I (id) WHERE upper_inf(recorded)', tracked);
        EXECUTE format('CREATE INDEX ON history.%I (changeset_id)', tracked);
        EXECUTE format('CREATE INDEX ON history.%I (closed_by) WHERE closed_by IS NOT NULL', tracked);
    END IF;
    target := format('history.%I', tracked)::regclass;
    FOR gained IN
        SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute a
        WHERE attrelid = source AND attnum > 0 AND NOT attisdropped AND NOT EXISTS (
            SELECT FROM pg_attribute h WHERE h.attrelid = target AND h.attname = a.attname AND NOT h.attisdropped)
    LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', target, gained.attname, gained.type);
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', target);
        EXECUTE format('UPDATE %1$s h SET %2$I = b.%2$I FROM %3$s b WHERE b.id = h.id AND upper_inf(h.recorded)',
                       target, gained.attname, source);
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', target);
    END LOOP;

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

-- The ledger: one entry for each day on which a firm begins or ceases to count in a metric, or changes its group.
-- Installed after every migrate; every statement can be repeated. The functions stand in functions.sql.

CREATE SCHEMA IF NOT EXISTS ledger;

-- What the entries were derived by. Other values than those of the running code: the ledger is derived anew.
CREATE TABLE IF NOT EXISTS ledger.rule (
    id               smallint PRIMARY KEY CHECK (id = 1),
    definition       integer NOT NULL,
    adjacency_metres integer NOT NULL
);

-- `day`: when it became true. `recorded_at`: when the register learned it, the moment of the change-set. Keys are those
-- of the day. An entry without change-set stands for rows that were there before versions were kept.
-- A delta is 1 or -1; correcting a move into the move back takes 2 or -2.
CREATE TABLE IF NOT EXISTS ledger.entry (
    metric              text        NOT NULL,
    company_id          bigint      NOT NULL,
    day                 date        NOT NULL,
    delta               smallint    NOT NULL CHECK (delta BETWEEN -2 AND 2 AND delta <> 0),
    reason              text        NOT NULL,
    district_id         bigint,
    reporting_unit_id   bigint,
    hub_id              bigint,
    strategic_field_id  bigint,
    technology_field_id bigint,
    incubator_id        bigint,
    changeset_id        bigint,
    recorded_at         timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS entry_of_company ON ledger.entry (company_id);
CREATE INDEX IF NOT EXISTS entry_of_day ON ledger.entry (metric, day) INCLUDE (delta, district_id);
CREATE INDEX IF NOT EXISTS entry_recorded ON ledger.entry USING brin (recorded_at) WITH (pages_per_range = 16);

-- Sums of the entries' deltas by month, one dimension at a time (key 0: unknown; dimension '': all together), and of
-- these by year. Present knowledge is a sum over the years and months that are over, and over the entries of the days
-- since.
CREATE TABLE IF NOT EXISTS ledger.month (
    metric    text   NOT NULL,
    dimension text   NOT NULL,
    last_day  date   NOT NULL,
    key       bigint NOT NULL,
    delta     bigint NOT NULL,
    PRIMARY KEY (metric, dimension, last_day, key)
) WITH (fillfactor = 80);

CREATE TABLE IF NOT EXISTS ledger.year (LIKE ledger.month INCLUDING ALL) WITH (fillfactor = 80);

-- Once, for a ledger that was kept without sums of years.
INSERT INTO ledger.year (metric, dimension, last_day, key, delta)
SELECT metric, dimension, make_date(date_part('year', last_day)::integer, 12, 31), key, sum(delta)
FROM ledger.month WHERE NOT EXISTS (SELECT FROM ledger.year) GROUP BY 1, 2, 3, 4;

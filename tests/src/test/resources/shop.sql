-- A database with what is easily lost: odd names and values, rows that belong to no parent, things that depend on others.
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    balance integer NOT NULL,
    twice integer GENERATED ALWAYS AS (balance * 2) STORED,
    feels mood DEFAULT 'glad');
CREATE INDEX by_owner ON accounts (lower(owner));
CREATE TABLE moves (
    id bigserial PRIMARY KEY,
    giver bigint NOT NULL REFERENCES accounts,
    taker bigint NOT NULL REFERENCES accounts,
    amount positive NOT NULL);
CREATE VIEW rich AS SELECT * FROM accounts WHERE balance > 1000;
CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS many FROM accounts WITH NO DATA;
COMMENT ON TABLE moves IS 'Money''s moves';
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_move BEFORE INSERT ON moves FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO accounts (owner, balance) SELECT 'owner ' || n, 1000 FROM generate_series(1, 1000) n;

CREATE SCHEMA "odd. 'schema";
CREATE TABLE "odd. 'schema"."t.a\b/""l e" ("a b" text, "c,d" bytea, e double precision, f timestamptz, g text[], h jsonb);
INSERT INTO "odd. 'schema"."t.a\b/""l e" VALUES
    (E'tab\tline\nback\\slash\\.', '\xdeadbeef00', 0.1, '2026-01-01 00:00:00.123456+00', '{a,NULL,"c d"}', '{"k": [1, null]}'),
    (E'\\.', NULL, 'NaN', 'infinity', '{}', '"☃"'),
    ('', '', '-0', NULL, NULL, 'null');
CREATE SEQUENCE "odd. 'schema"."s'q" START 42;
SELECT setval('"odd. ''schema"."s''q"', 77, false);
CREATE TABLE "Bücher" (n integer, EXCLUDE USING btree (n WITH =));
INSERT INTO "Bücher" SELECT generate_series(1, 5);
CREATE TABLE nothing_in_it ();
INSERT INTO nothing_in_it DEFAULT VALUES;

CREATE TABLE parts (day date NOT NULL, what text) PARTITION BY RANGE (day);
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
INSERT INTO parts VALUES ('2025-05-05', 'then'), ('2026-05-05', 'now');
CREATE TABLE parent (p integer);
CREATE TABLE child (c integer) INHERITS (parent);
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (2, 3);
CREATE UNLOGGED TABLE noise (n integer);
INSERT INTO noise SELECT generate_series(1, 1000);

-- More than is fetched ahead.
CREATE TABLE large (n integer, what text);
INSERT INTO large SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, 20000) n;
DELETE FROM large WHERE n % 7 = 0;

SELECT lo_from_bytea(4711, '\x00ff00ff');
GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC;
REFRESH MATERIALIZED VIEW sums;
CREATE TABLE gate ();

"""The search on PostgreSQL: each entry lies in a stretch of some thousands that follow one another by number, and one
more index has every term together with its stretch.

The newest matches are then read from the newest stretches alone, however frequent a term is in all others; and what a
sample of the entries holds from the sample, which counts as a stretch too. SQLite's index is in the order of the
numbers by itself.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"

ENTRIES = ("tribute_entry", "desk_entry", "article_entry")
STRETCH = 4096  # entries, as the engine has it now; whatever it says later, old stretches stay as they are

# A term in a stretch as one number: the stretch above, below it 44 bits that stand for the term; of two in one stretch
# they are the same once in some 17 million million. Neither function leans on the other: a restored backup has each by
# its own text, and drops them one by one.
KEY = "(at::bigint << 44) | (hashtextextended({term}, 0) & 17592186044415)"
ONE = (
    "CREATE FUNCTION term_within(at integer, term text) RETURNS bigint "
    f"LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT {KEY.format(term='term')}'"
)
# The samples of one entry in 16 and one in 256 are the stretches -16 and -256.
ALL = f"""
    CREATE FUNCTION terms_within(number bigint, stretch integer, terms tsvector) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_agg({KEY.format(term="lexeme")}) FROM unnest(terms), unnest(CASE
            WHEN number % 256 = 0 THEN ARRAY[stretch, -16, -256]
            WHEN number % 16 = 0 THEN ARRAY[stretch, -16]
            ELSE ARRAY[stretch] END) AS at
    $$"""
PLACED = """
    UPDATE {entry} AS entry SET stretch = placed.before / {stretch}
    FROM (SELECT number, row_number() OVER (ORDER BY number) - 1 AS before FROM {entry}) AS placed
    WHERE placed.number = entry.number AND placed.before >= {stretch}"""
INDEXES = (
    "CREATE INDEX ix_{entry}_terms ON {entry} USING gin (terms) WITH (fastupdate = off)",
    "CREATE INDEX ix_{entry}_within ON {entry} USING gin (terms_within(number, stretch, terms)) "
    "WITH (fastupdate = off)",
)


def upgrade() -> None:
    """Put every entry into its stretch. The index of the terms is made anew, which is quicker than to keep it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.execute(ONE)
    op.execute(ALL)
    for entry in ENTRIES:
        op.execute(f"DROP INDEX ix_{entry}_terms")
        op.execute(f"ALTER TABLE {entry} ADD COLUMN stretch integer NOT NULL DEFAULT 0")
        op.execute(f"ALTER TABLE {entry} ALTER COLUMN stretch DROP DEFAULT")
        op.execute(PLACED.format(entry=entry, stretch=STRETCH))
        op.execute(f"CLUSTER {entry} USING pk_{entry}")  # or the table would be twice as large, its rows anywhere in it
        op.execute(f"ALTER TABLE {entry} SET WITHOUT CLUSTER")
        for index in INDEXES:
            op.execute(index.format(entry=entry))


def downgrade() -> None:
    """Take the stretches away, and with the column its index."""
    if op.get_bind().dialect.name == "postgresql":
        for entry in ENTRIES:
            op.execute(f"ALTER TABLE {entry} DROP COLUMN stretch")
        op.execute("DROP FUNCTION terms_within(bigint, integer, tsvector)")
        op.execute("DROP FUNCTION term_within(integer, text)")

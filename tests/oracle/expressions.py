"""What SQLite says of expressions, row by row: tests/oracle/expressions.csv (tab-separated).

Run with any Python 3: python3 tests/oracle/expressions.py > tests/oracle/expressions.csv
"""
import sqlite3

EXPRESSIONS = [
    "x = 1", "x <> 1", "x < 1", "x <= 1", "x > 1", "x >= 1", "NOT x = 1", "x IS NULL", "x IS NOT NULL",
    "x IN (1, 2)", "x NOT IN (1, 2)", "x IN (1, NULL)", "x NOT IN (5, NULL)", "x BETWEEN 0 AND 1",
    "x NOT BETWEEN 0 AND 1", "s = 'a'", "s <> 'a'", "s IN ('a', 'c')", "s IS NULL OR x = 1",
    "x = 1 AND s = 'a'", "x = 1 OR s = 'a'", "NOT (x = 1 AND s = 'a')", "NOT (x = 1 OR s = 'a')",
    "x = 1 OR NOT s = 'a' AND x > 0", "x + 1 = 2", "x * 2 - 1 > 0", "1.0 / x > 0", "x / 2.0 < 1", "-x < 0",
    "x - 1 - 1 = -1", "(x > 0) = (x < 2)", "x = 1 AND NULL = 1", "x = 1 OR NULL = 1", "s < 'b'",
]
rows = [(x, s) for x in (None, 0.0, 1.0, 2.5, -1.0) for s in (None, "a", "b")]
db = sqlite3.connect(":memory:")
print("expression\tx\ts\tresult")
for text in EXPRESSIONS:
    for x, s in rows:
        (result,) = db.execute(f"SELECT {text} FROM (SELECT ? AS x, ? AS s)", (x, s)).fetchone()
        shown = ["" if v is None else str(v) for v in (x, s, result)]
        print(text, *shown, sep="\t")

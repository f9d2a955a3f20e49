"""Writes files at the edges of what their formats can say, for tests/formats.rs.

usage: python make_bounds.py, in this folder, with pandas, pyreadstat, pyarrow, openpyxl.
Made with pandas 3.1.1, pyreadstat 1.3.7, pyarrow 26.0.1, openpyxl 3.1.5.
"""
import datetime
import decimal

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

# Excel's calendar: 29 February 1900, which never was; a time of day; a moment.
book = openpyxl.Workbook()
sheet = book.active
sheet.append(["what", "when"])
for what, serial, shown in [("first", 1, "yyyy-mm-dd"), ("last of February", 59, "yyyy-mm-dd"), ("first of March", 61, "yyyy-mm-dd"),
                            ("time", 0.75, "hh:mm:ss"), ("moment", 45943.5, "yyyy-mm-dd hh:mm")]:
    sheet.append([what, serial])
    sheet.cell(sheet.max_row, 2).number_format = shown
book.save("calendar.xlsx")
for name, serial in [("leap_day.xlsx", 60), ("negative.xlsx", -1), ("beyond.xlsx", 3000000)]:
    book = openpyxl.Workbook()
    book.active.append(["what", "when"])
    book.active.append(["x", serial])
    book.active.cell(2, 2).number_format = "yyyy-mm-dd"
    book.save(name)

# Stata's other calendars: milliseconds with leap seconds (%tC), months, quarters, years.
clocks = pd.DataFrame({
    # 2024-11-04 10:00:00 and 1970-01-01 00:00:00: 27 leap seconds between them.
    "exact": [2046333627000.0, 315619200000.0],
    "plain": [2046333600000.0, 315619200000.0],
    "month": [778.0, 120.0],
    "quarter": [259.0, 40.0],
})
pyreadstat.write_dta(clocks, "clocks.dta", version=15,
                     variable_format={"exact": "%tC", "plain": "%tc", "month": "%tm", "quarter": "%tq"})

# Identifiers that a double cannot tell apart.
ids = pd.DataFrame({"person": [9007199254740993.0, 9007199254740995.0], "mood": [1.0, 2.0]})
pyreadstat.write_dta(ids, "ids.dta", version=15)
pyreadstat.write_sav(ids, "ids.sav")
ids.to_parquet("ids.parquet", index=False)
book = openpyxl.Workbook()
book.active.append(["person", "mood"])
book.active.append([9007199254740993, 1])
book.active.append([9007199254740995, 2])
book.save("ids.xlsx")
pd.DataFrame({"person": [9007199254740993, 9007199254740995], "mood": [1.0, 2.0]}).to_parquet("whole_ids.parquet", index=False)

# A value that is labelled as a registered level and declared missing.
arms = pd.DataFrame({"arm": [1.0, 2.0, 9.0], "mood": [1.0, 2.0, 3.0]})
pyreadstat.write_sav(arms, "collision.sav", variable_value_labels={"arm": {1: "control", 2: "treated", 9: "Größere Dosis"}},
                     missing_ranges={"arm": [9]})

# Columns that are no cells, and decimals, in columnar files.
table = pa.table({
    "mood": pa.array([1.5, 2.5]),
    "tags": pa.array([["a"], ["b", "c"]]),
    "who": pa.array([{"a": 1}, {"a": 2}]),
})
pq.write_table(table, "nested.parquet")
pq.write_table(pa.table({"mood": pa.array([decimal.Decimal("1.10"), decimal.Decimal("-2.25")])}), "decimal.parquet")
pq.write_table(pa.table({"at": pa.array([datetime.time(10, 30), None]), "mood": pa.array([1.5, 2.5])}), "times.parquet")

# Small files that claim very many cells.
pq.write_table(pa.table({"mood": pa.array([0] * 20_000_000, pa.int8())}), "many.parquet", compression="zstd")
with pa.OSFile("many.arrow", "wb") as sink, pa.ipc.new_file(sink, pa.schema([("mood", pa.null())])) as writer:
    writer.write_batch(pa.record_batch([pa.nulls(100_000_000)], names=["mood"]))

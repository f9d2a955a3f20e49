"""Writes the rows of tests/formats.rs as the real programs' libraries do.

usage: python make.py, in this folder, with pandas, pyreadstat, pyarrow, openpyxl; Rscript make.R beside it writes R's.
Made with pandas 3.1.1, pyreadstat 1.3.7, pyarrow 26.0.1, openpyxl 3.1.5.
"""
import datetime

import openpyxl
import pandas as pd
import pyreadstat

frame = pd.DataFrame({
    "person": ["Zoë", "b", "c", "d", "e"],
    "when": pd.to_datetime(["2024-11-04 10:00:00", "2024-11-05 11:30:00", "2024-11-06 12:00:00", None, "2024-11-07 08:15:30"]),
    "arm": [1, 2, 2, 1, 2],
    "mood": [-0.125, 1.5, None, 2.0, -3.75],
    "age": [33, None, 51, 18, 99],
    "remark": ["fine, thanks", "two\nlines", "", "", "x"],
})
labels = {"arm": {1: "Kontrolle", 2: "Größere Dosis"}}
named = frame.assign(arm=["control", "treated", "treated", "control", "treated"])

# Stata: pandas writes releases 114 to 119, pyreadstat (ReadStat) 110 to 119.
for version in (114, 117, 118, 119):
    frame.to_stata(f"pandas_{version}.dta", version=version, write_index=False, value_labels=labels,
                   convert_dates={"when": "tc"}, convert_strl=["remark"] if version >= 117 else None)
for version in (8, 10, 12, 15):
    pyreadstat.write_dta(frame, f"readstat_{version}.dta", version=version, variable_value_labels=labels)

# Missing values of several kinds: .a and .z in Stata, 99 and a range in SPSS.
extended = frame.assign(age=[33, "a", 51, 18, 99])
pyreadstat.write_dta(extended, "extended.dta", version=15, variable_value_labels=labels, missing_user_values={"age": ["a"]})
declared = frame.assign(age=[33, 999, 51, 18, 99], mood=[-0.125, 1.5, -77, 2.0, -3.75])
pyreadstat.write_sav(declared, "declared.sav", variable_value_labels=labels,
                     missing_ranges={"age": [999], "mood": [{"lo": -99, "hi": -70}]})

# Moments as SPSS holds them, of which 99 is declared missing.
moments = declared.assign(when=[13950000000.0, 13950127800.0, 13950259200.0, 99.0, 13950000000.0])
pyreadstat.write_sav(moments[["person", "when", "arm", "mood", "age"]], "dated.sav", variable_value_labels=labels,
                     variable_format={"when": "DATETIME20"}, missing_ranges={"when": [99]})

# SPSS: plain, byte-compressed, zlib.
pyreadstat.write_sav(frame, "plain.sav", variable_value_labels=labels)
pyreadstat.write_sav(frame, "rows.sav", variable_value_labels=labels, row_compress=True)
pyreadstat.write_sav(frame, "compressed.zsav", variable_value_labels=labels, compress=True)

# Columnar files: texts, dictionaries, narrow numbers.
named.to_parquet("pyarrow.parquet", index=False)
named.assign(arm=named["arm"].astype("category"), age=named["age"].astype("Int8"), mood=named["mood"].astype("float32")).to_parquet(
    "narrow.parquet", index=False, compression="zstd")
named.to_feather("pyarrow.arrow", compression="uncompressed")

# Workbooks.
named.assign(remark=named["remark"].replace("", None)).to_excel("openpyxl.xlsx", index=False)
with pd.ExcelWriter("sheets.xlsx") as book:
    pd.DataFrame({"note": ["read the other one"]}).to_excel(book, sheet_name="About", index=False)
    named.to_excel(book, sheet_name="Responses", index=False)

# A formula that no spreadsheet program has computed.
book = openpyxl.load_workbook("openpyxl.xlsx")
book.active["D2"] = "=1-1.125"
book.save("formula.xlsx")

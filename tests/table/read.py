"""Reads the CSV as a spreadsheet does and compares it with the entries that it was made from and with the description
of its columns."""

import json
import re
import sys
from pathlib import Path

import pandas

table, entries, columns = (Path(name) for name in sys.argv[1:])
read = pandas.read_csv(table)
described = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", columns.read_text(encoding="utf-8"), re.MULTILINE)
assert list(read.columns) == [name for name, _ in described], "the columns are not those that are described"

holds = [entry for entry in map(json.loads, entries.read_text(encoding="utf-8").splitlines()) if entry["kind"] == "hold"]
assert len(read) == len(holds) > 10, (len(read), len(holds))
assert list(read["outcome"]) == [hold["outcome"] for hold in holds]
assert set(read["outcome"]) == {"done", "cut", "void"}, "not every weather was met"
for name in ("counted_ms", "pressed_ms"):
    assert list(read[name]) == [hold[name] for hold in holds], name
for name, unit in described:
    column = read[name]
    if unit.strip() in ("ms", "cm", "count", "count from 1"):
        assert pandas.api.types.is_numeric_dtype(column), f"{name} is not read as numbers"
        assert (column.dropna() >= 0).all(), name
    elif unit.strip() == "1 to 10":
        assert column.dropna().between(1, 10).all(), name
    elif unit.strip().startswith("RFC 3339"):
        assert pandas.to_datetime(column, utc=True).notna().all(), name
assert read["rating_peak"].notna().any() and read["eased_after_ms"].isna().any(), "nothing is missing anywhere"
assert (read["rating_peak"].dropna() >= read["rating_end"].dropna()).all()
print(f"{len(read)} holds of {read['session'].nunique()} sessions read, {len(read.columns)} columns as described")

"""Whether pandas, Polars and DuckDB read a folder of parts, and see the same table.

    python tables.py FOLDER

Prints, for each reader, the number of rows and the columns with their types, then whether all cells are equal; pandas is the
measure. Missing is not NaN. Ends with 1 when they differ. Needs pandas with pyarrow, polars and duckdb.
"""

import json
import math
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.dataset
import pyarrow.parquet


def rows_of_arrow(table):
    """Rows as tuples of plain values."""
    return list(zip(*(column.to_pylist() for column in table.columns)))


def by_pandas(folder):
    # With Arrow's types, since NumPy's have one value for missing and NaN.
    frame = pandas.read_parquet(folder, dtype_backend="pyarrow")
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    return table.schema.names, table.schema.types, rows_of_arrow(table)


def by_polars(folder):
    frame = polars.scan_parquet(folder / "*.parquet").collect()
    return frame.columns, frame.dtypes, frame.rows()


def by_duckdb(folder):
    relation = duckdb.sql(f"from read_parquet('{folder}/*.parquet')")
    return relation.columns, relation.types, relation.fetchall()


def same(one, other):
    """Equal, NaN to NaN, missing to missing, and the sign of zero."""
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return type(one) is type(other) and one == other


def differences(one, other):
    count = abs(len(one) - len(other))
    for left, right in zip(one, other):
        count += sum(not same(a, b) for a, b in zip(left, right))
    return count


def main(folder):
    first = min(folder.glob("*.parquet"))
    metadata = pyarrow.parquet.read_metadata(first)
    told = json.loads(metadata.metadata[b"insilin.columns"])
    print(f"{folder.name}: {metadata.created_by}; columns as told:")
    for column in told:
        print(f"  {column['name']} [{column['unit']}] {column['kind']}: {column['label']}")
    readers = {"pandas": by_pandas, "polars": by_polars, "duckdb": by_duckdb}
    tables = {name: read(folder) for name, read in readers.items()}
    wrong = 0
    for name, (columns, types, rows) in tables.items():
        print(f"{name:8} {len(rows)} rows; " + ", ".join(f"{c} {t}" for c, t in zip(columns, types)))
        wrong += list(columns) != [column["name"] for column in told]
        different = differences(tables["pandas"][2], rows)
        wrong += different
        print(f"{name:8} {different} cells differ from pandas")
    print("equal" if not wrong else "NOT EQUAL")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""What polars alone takes to scan the file, types told by it or every column as text.

usage: python scan.py FILE [text]        # polars 2.1 from PyPI
"""

import resource
import sys
import time

import polars as pl

as_text = len(sys.argv) > 2
start = time.perf_counter()
frame = pl.scan_csv(sys.argv[1], infer_schema=not as_text).collect()
wall = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{frame.shape} {'text' if as_text else 'typed'} {wall:.2f} s {peak:.0f} MB")

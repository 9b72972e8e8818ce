"""read_log.py LOG: seconds that python-can takes to read a recording, and the frames it finds."""

import json
import statistics
import sys
import time

import can

ROUNDS = 5

seconds = []
for _ in range(ROUNDS):
    start = time.perf_counter()
    frames = sum(1 for _ in can.LogReader(sys.argv[1]))
    seconds.append(time.perf_counter() - start)

print(json.dumps({"seconds": statistics.median(seconds), "frames": frames}))

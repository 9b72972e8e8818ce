"""decode.py DBC LOG: seconds that cantools takes for the frames of a candump log, and the values it gets."""

import json
import statistics
import sys
import time

import can
import cantools

ROUNDS = 7

network = cantools.database.load_file(sys.argv[1], strict=False)
frames = [(message.arbitration_id, bytes(message.data)) for message in can.LogReader(sys.argv[2])]
decode = network.decode_message

seconds = []
for _ in range(ROUNDS):
    start = time.perf_counter()
    for frame_id, data in frames:
        decode(frame_id, data, decode_choices=False)
    seconds.append(time.perf_counter() - start)

values = sum(len(decode(frame_id, data, decode_choices=False)) for frame_id, data in frames)
print(json.dumps({"seconds": statistics.median(seconds), "values": values}))

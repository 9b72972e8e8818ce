#!/bin/bash
# In the test machine: the system's message bus, and the configuration of bluetoothd.
set -eu
mkdir -p /run/dbus /var/lib/bluetooth
dbus-daemon --system --fork --nopidfile
# Plain ATT only: between two BlueZ the enhanced channels lose notifications, and no battery monitor has them.
printf '[General]\nTemporaryTimeout = 0\n[GATT]\nCache = no\nChannels = 1\n' >/tmp/bluetooth.conf

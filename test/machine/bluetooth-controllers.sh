#!/bin/bash
# In the test machine: two virtual LE controllers, hci0 and hci1, that hear each other.
set -eu
# Loaded on demand under emulation they would delay btvirt past the kernel's two seconds for the first reset.
modprobe -a af_alg algif_hash algif_skcipher ecb cmac aes_generic hci_vhci
setsid btvirt -L -l2 >/tmp/btvirt.log 2>&1 </dev/null &
# Set up: it has its address, and the kernel has switched it off again after two seconds.
ready() { hciconfig "$1" 2>/dev/null | grep -q 'DOWN' && ! hciconfig "$1" | grep -q 'Address: 00:00:00:00:00:00'; }
for _ in $(seq 150); do ready hci0 && ready hci1 && exit 0; sleep 0.1; done
exit 1

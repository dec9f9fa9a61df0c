#!/bin/bash
# Inside the guest: brings up what a person at a laptop finds running, then runs the script given. Needs LAB (this
# folder), UNKNOT_LAB (install.sh's) and /lab/ports (the ports of the radio on the host); sets RADIO, H4_1, H4_2, H4_3 to HOST:PORT for the script.
export PATH=$PATH:/usr/sbin:/sbin HOME=/root TERM=${TERM:-linux} LANG=C.UTF-8
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
port() { awk -v name="$1" '$1 == name { print $2 }' /lab/ports; }
export RADIO=10.0.2.2:$(port control) H4_1=10.0.2.2:$(port clicker1) H4_2=10.0.2.2:$(port clicker2)
export H4_3=10.0.2.2:$(port clicker3)

dbus-daemon --system --fork --nopidfile || echo "lab: no D-Bus"
"$UNKNOT_LAB/venv/bin/python" -I -S "$LAB/vhci.py" 10.0.2.2 "$(port kernel)" >/lab/vhci.log 2>&1 &
for _ in $(seq 200); do [ -e /sys/class/bluetooth/hci0 ] && break; sleep 0.1; done
[ -e /sys/class/bluetooth/hci0 ] || { echo "lab: the kernel got no controller"; cat /lab/vhci.log; exit 70; }
btmon -w /lab/btmon.snoop >/dev/null 2>&1 &
/usr/libexec/bluetooth/bluetoothd -n -d >/lab/bluetoothd.log 2>&1 &
for _ in $(seq 100); do
    bluetoothctl show 2>/dev/null | grep -q 'Powered: yes' && break
    sleep 0.1
done
cd "${REPOSITORY:-/}" || exit 71
/bin/bash "$1"

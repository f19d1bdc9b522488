"""Plays systemd: listens, starts a command with the socket as descriptor 3, and prints what it is told.

The first line has the port and the process; then comes a line for each notification, and at last the
exit code.
"""
import os
import socket
import sys

name = "eris-test-%d" % os.getpid()
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind("\0" + name)
notify.settimeout(60)
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
child = os.fork()
if child == 0:
    os.dup2(listener.fileno(), 3, inheritable=True)
    os.environ.update(
        LISTEN_PID=str(os.getpid()),
        LISTEN_FDS="1",
        NOTIFY_SOCKET="@" + name,
        WATCHDOG_USEC="400000",
    )
    os.execvp(sys.argv[1], sys.argv[1:])
print(listener.getsockname()[1], child, flush=True)
said = ""
while not said.startswith("STOPPING=1"):
    said = notify.recv(4096).decode()
    print(" ".join(said.split("\n")), flush=True)
print("exit", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)

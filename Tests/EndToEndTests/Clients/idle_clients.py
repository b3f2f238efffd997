"""Connects, and says nothing, until its standard input ends.

usage: idle_clients.py SOCKET COUNT FILE
Makes FILE when all are connected.
"""

import resource
import socket
import sys

path, count, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
clients = []
for _ in range(count):
    clients.append(socket.socket(socket.AF_UNIX))
    clients[-1].connect(path)
open(file, "w").close()
sys.stdin.read()

"""Writes to a journal from several threads until it is killed; prints the name of each request that was acknowledged.

Arguments: the folder, a word for the names, the number of threads.
"""

import os
import sys
import threading
import time
from itertools import count
from pathlib import Path

from docwitness.server.journal import DatabaseSettings, Journal
from docwitness.server.schema import Limits


def write(journal: Journal, name: str) -> None:
    for number in count():
        request = f"{name}-{number}"
        text = f"m,request={request} f=1 1\nn,request={request} f{number % 50}=2i 2\nm,request={request} g=3 3"
        journal.write("db", text, unit_ns=1, now_ns=time.time_ns(), partial_writes=False, limits=Limits())
        os.write(1, f"{request}\n".encode())


if __name__ == "__main__":
    folder, word, threads = sys.argv[1:]
    journal = Journal.open(Path(folder))
    journal.create_database("db", DatabaseSettings())
    for thread in range(int(threads)):
        threading.Thread(target=write, args=(journal, f"{word}-{thread}")).start()

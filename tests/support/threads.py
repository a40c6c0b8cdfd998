"""Several people at the same moment."""

import threading

from django.db import connection

AT_ONCE = 8


def together(work) -> list:
    """What each of several threads answers, all let go at one moment."""
    answers, gate = [], threading.Barrier(AT_ONCE)

    def run(number: int):
        try:
            gate.wait()
            answers.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers

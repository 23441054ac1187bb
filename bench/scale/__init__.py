"""Synthetic profiles by the million, for measuring: ``make scale N=1000000`` loads them into a database of their own.

words → people, vocabulary, places → draw → tables (binary, bulk) → load → __main__; selections is the workload to
ask with. Everything follows from one seed: the same seed and day give the same rows.
"""

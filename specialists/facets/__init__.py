"""The facet index: exact answers about a million profiles within milliseconds, in the worker's own memory.

``numbers`` gives each profile a number in the order of names, ``index`` holds a bitmap of numbers for each value of
each facet, ``places`` and ``words`` do the same for points on the map and words of names. ``build`` makes an index from
PostgreSQL, ``changes`` a new one from it when profiles change, ``store`` saves and loads it, ``current`` keeps the one
this process answers from.
"""

"""The gazetteer: places and postcodes as packages carry them, made into rows of our own tables.

Run from management commands only. At run time ``specialists/geography.py`` asks the tables.
"""

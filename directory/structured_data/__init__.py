"""What machines read from the public pages: schema.org as JSON-LD, built from what the page itself shows.

``graph`` makes and prints nodes; ``vocabulary``, ``articles`` and ``profiles`` know the types; ``pages`` says which
page gets which (decision 0020).
"""

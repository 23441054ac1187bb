"""What the templates of profile pages ask for."""

import pytest

from specialists.templatetags.profiles import tel


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+49 228 000 11", "+4922800011"),
        ("+49 (0)6221 / 56-1", "+496221561"),
        ("06221 56-1", "06221561"),
        ("(0)228 11", "022811"),
        ("(555) 010-1234 ext. 7", "5550101234"),
        (" +1.555.0100 ", "+15550100"),
        ("none", ""),
    ],
)
def test_tel_leaves_what_a_telephone_can_dial(written, dialled):
    assert tel(written) == dialled

"""Telephone numbers as people write them, and as links dial them."""

import re


def tel(phone: str) -> str:
    """A number as people write it → what a telephone can dial: "+49 (0)6221 / 56-1" → "+496221561"."""
    dialled = re.split("[A-Za-z]", phone.strip(), maxsplit=1)[0]
    if dialled.startswith("+"):
        return "+" + re.sub(r"\D", "", dialled.replace("(0)", ""))
    return re.sub(r"\D", "", dialled)

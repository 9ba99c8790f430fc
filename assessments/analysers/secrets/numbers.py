"""The check digits of numbers that belong to a person."""

import re
from datetime import date
from typing import Final

# The length of an IBAN by country (SWIFT registry): those of the European Economic Area and their neighbours.
_IBAN_LENGTHS: Final = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MA": 28, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29,
}  # fmt: skip


def is_iban(text: str) -> bool:
    """ISO 13616: length by country and remainder 1 modulo 97."""
    number = text.replace(" ", "").upper()
    if _IBAN_LENGTHS.get(number[:2]) != len(number):
        return False
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def is_belgian_national_number(text: str) -> bool:
    """YYMMDD, a serial number and 97 minus the remainder; from 2000 on a 2 goes before the nine digits."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != 11 or digits[6:9] in ("000", "999"):
        return False
    month, day = (
        int(digits[2:4]) % 20,
        int(digits[4:6]),
    )  # 20 or 40 is added for numbers given by the social bank
    if month > 12 or day > 31:
        return False
    body, check = digits[:9], int(digits[9:])
    return check in (97 - int(body) % 97, 97 - int("2" + body) % 97)


def is_french_social_number(text: str) -> bool:
    """INSEE's number: sex, year, month, place, order, 97 minus the remainder (2A counts as 19, 2B as 18)."""
    number = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[1278]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{8}", number):
        return False
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and int(number[13:]) == 97 - int(body) % 97


def is_phone_number(text: str) -> bool:
    """Whether the digits are as many as numbers of that country have, and no date or counter."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if text.startswith(("+", "00")):
        digits = digits.removeprefix("00") if text.startswith("00") else digits
        if text.startswith("00") and not re.search(r"[ ./-]", text):
            return False
        if digits.startswith(("32", "33")):
            return len(digits) in ((10, 11) if digits.startswith("32") else (11,))
        return 9 <= len(digits) <= 13 and len(set(digits)) > 3
    return len(digits) in (9, 10) and len(set(digits)) > 3 and _is_no_date(text)


def _is_no_date(text: str) -> bool:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if len(parts) != 3:
        return True
    try:
        date(parts[2] if parts[2] > 99 else 2000 + parts[2], parts[1], parts[0])
    except ValueError:
        return True
    return False

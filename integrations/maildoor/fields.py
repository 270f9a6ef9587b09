"""Finds the fields of a registration in the text of a mail. Pure; the form is documented in
docs/email-registration.md: a line for each field, its name, a colon, the value.

Names are known in every language of the portal, and all of them count in every mail: people
answer in another language than they were written to.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.dates import get_month_names

from core import countries

LANGUAGES = ("en", "de", "ar")
LONGEST_TEXT = 200_000  # characters that are looked at

# By language; the first of each stands in the form that we send.
LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "customer_name": {
        "en": ("Customer", "Customer name", "Company", "End customer"),
        "de": ("Kunde", "Kundenname", "Firma", "Endkunde"),
        "ar": ("العميل", "اسم العميل", "الشركة"),
    },
    "customer_country": {
        "en": ("Country",),
        "de": ("Land",),
        "ar": ("البلد", "الدولة", "بلد العميل"),
    },
    "customer_domain": {
        "en": ("Web domain", "Domain", "Customer's web domain", "Website", "Web site"),
        "de": ("Webdomain", "Internetadresse", "Web-Domain des Kunden", "Webseite"),
        "ar": ("النطاق", "نطاق", "نطاق العميل", "الموقع", "موقع العميل"),
    },
    "product_line": {
        "en": ("Product line", "Product"),
        "de": ("Produktlinie", "Produkt"),
        "ar": ("خط المنتجات", "خط المنتج", "المنتج"),
    },
    "amount": {
        "en": ("Expected amount", "Amount", "Value", "Volume"),
        "de": ("Erwarteter Betrag", "Betrag", "Summe", "Volumen"),
        "ar": ("المبلغ المتوقع", "المبلغ", "القيمة"),
    },
    "currency": {"en": ("Currency",), "de": ("Währung",), "ar": ("العملة",)},
    "expected_close": {
        "en": ("Expected close", "Close date", "Close", "Closing date"),
        "de": ("Erwarteter Abschluss", "Abschluss", "Abschlussdatum"),
        "ar": ("الإغلاق المتوقع", "تاريخ الإغلاق", "الإغلاق"),
    },
    "public_sector": {
        "en": ("Public-sector tender", "Public sector", "Tender"),
        "de": ("Öffentliche Ausschreibung", "Ausschreibung"),
        "ar": ("مناقصة عامة", "مناقصة", "قطاع عام"),
    },
    "customer_consent": {
        "en": ("Customer agreed", "Customer consent", "Consent"),
        "de": ("Kunde einverstanden", "Einverständnis", "Zustimmung des Kunden"),
        "ar": ("موافقة العميل", "وافق العميل"),
    },
    "description": {
        "en": ("Description", "Opportunity", "What is the opportunity?", "Notes"),
        "de": ("Beschreibung", "Worum geht es?"),
        "ar": ("الوصف", "ما الفرصة؟"),
    },
}
NOTHING: Mapping[str, str] = {}
# Answers of one word; everything else is no answer.
YES = {"yes", "y", "ja", "j", "true", "نعم", "x"}
NO = {"no", "n", "nein", "false", "لا"}

SIGNATURE = re.compile(r"^-- ?$")
RULE = re.compile(r"^\s*[-_=*–—]{4,}\s*$")
# "On 3 May … wrote:", "Am 3. Mai … schrieb …:", "في … كتب …:"
SOMEBODY_WROTE = re.compile(r"^(on|am|في)\b.{3,200}(wrote|schrieb|كتب)\b.{0,100}:\s*$", re.I)
FIELD = re.compile(r"^[\s*•·-]*([^:：]{2,80}?)\s*\*?[:：]\s*(.*)$")
QUOTE = re.compile(r"^\s*((?:>\s?)+)")
INVISIBLE = {"Cc", "Cf"}
SUBJECT = re.compile(
    r"(?:deal registration|registration|register|registrierung|deal-registrierung|تسجيل صفقة|تسجيل)"
    r"\s*[:：–—-]\s*(?P<customer>.{2,200})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What was written, field by field as text, and what of it could not be read."""

    values: Mapping[str, object]
    unread: Mapping[str, str]


def written_amount(amount: Decimal, places: int) -> str:
    """An amount so that `amount` reads the same: three decimal places would part thousands."""
    return f"{amount:.{4 if places == 3 else places}f}"


def fields_in(subject: str, text: str) -> Found:
    """The fields of a mail that every registration has."""
    return read(written_in(subject, text))


def written_in(subject: str, text: str, more: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Field → text. What the sender wrote counts before what they quoted; the subject counts for
    the customer when nothing else names one. `more` are names of further fields, label as it is
    compared → field."""
    labels = {**more, **known_labels()}
    own, quoted = parts_of(text[:LONGEST_TEXT])
    written = {**lines_of(quoted, labels), **lines_of(own, labels)}
    if "customer_name" not in written and (match := SUBJECT.search(tidy(subject))):
        written["customer_name"] = match["customer"]
    return written


def read(written: Mapping[str, str]) -> Found:
    """The values of the fields as they were written."""
    values: dict[str, object] = {}
    unread: dict[str, str] = {}
    if "amount" in written and (currency := currency_in(written["amount"])):
        values["currency"] = currency
    for field, text in written.items():
        if field not in READERS:
            continue
        value = READERS[field](text)
        if value is None:
            unread[field] = text[:100]
        else:
            values[field] = value
    return Found(values, unread)


def parts_of(text: str) -> tuple[list[str], list[str]]:
    """(what the sender wrote, what they quoted), without signatures and quotation marks."""
    own: list[str] = []
    quoted: list[str] = []
    signed = False
    for line in text.splitlines():
        mark = QUOTE.match(line)
        if mark:
            quoted.append(line[mark.end() :])
        elif SIGNATURE.match(line):
            signed = True
        elif SOMEBODY_WROTE.match(line.strip()):
            signed = False
            own.append("----")
        elif not signed:
            own.append(line)
    return own, quoted


def lines_of(lines: list[str], labels: Mapping[str, str]) -> dict[str, str]:
    """field → text. Only the description goes on over several lines, until a rule, a signature
    or the next field; an empty value is none."""
    found: dict[str, str] = {}
    going_on = ""
    for line in lines:
        if RULE.match(line) or SIGNATURE.match(line):
            going_on = ""
            continue
        named = field_in(line, labels)
        if named is not None:
            field, value = named
            going_on = field if field == "description" else ""
            if value:
                found.setdefault(field, value)
        elif going_on and (line.strip() or found.get(going_on)):
            found[going_on] = f"{found.get(going_on, '')}\n{line.strip()}".lstrip("\n")
    return {field: value.strip() for field, value in found.items() if value.strip()}


def field_in(line: str, labels: Mapping[str, str] | None = None) -> tuple[str, str] | None:
    match = FIELD.match(line)
    labels = known_labels() if labels is None else labels
    field = labels.get(comparable(match[1])) if match else None
    return (field, tidy(match[2]).strip("* ")) if match and field else None


@lru_cache(maxsize=1)
def known_labels() -> dict[str, str]:
    return {
        comparable(label): field
        for field, languages in LABELS.items()
        for labels in languages.values()
        for label in labels
    }


def comparable(text: str) -> str:
    """Letters and digits alone, whatever marks, case and blanks stand between them."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.sub(r"[*_?؟()\[\]]", " ", tidy(plain)).split())


def tidy(text: str) -> str:
    """Without the invisible marks that mail programs leave, such as those of direction."""
    return "".join(c for c in text if unicodedata.category(c) not in INVISIBLE).strip()


# --- values ---------------------------------------------------------------------------------


def plain_text(text: str) -> str | None:
    return tidy(text)[:200] or None


def description(text: str) -> str | None:
    lines = (tidy(line) for line in text.splitlines())
    return "\n".join(lines).strip()[:4000] or None


def domain(text: str) -> str | None:
    """The last word that looks like an address: mail programs add the link behind it."""
    words = re.findall(r"[^\s<>()]+\.[^\s<>()]+", tidy(text))
    return re.sub(r"^mailto:", "", words[0])[:253] if words else None


def country(text: str) -> str | None:
    words = tidy(text)
    code = words.upper()
    return code if code in countries.codes() else names_of_countries().get(comparable(words))


@lru_cache(maxsize=1)
def names_of_countries() -> dict[str, str]:
    names: dict[str, str] = {"uk": "GB", "usa": "US", "uae": "AE"}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in countries.codes():
                names.setdefault(comparable(str(name)), str(code))
    return names


CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
NUMBER = re.compile(r"\d[\d.,'’\u00a0\u202f ]*")


def currency_in(text: str) -> str | None:
    """A currency beside an amount: "EUR", "€"."""
    words = tidy(text)
    code = re.search(r"\b([A-Z]{3})\b", words.upper())
    if code:
        return code[1]
    return next((code for sign, code in CURRENCY_SIGNS.items() if sign in words), None)


def amount(text: str) -> Decimal | None:
    """A number as people write it. The last of two marks is the decimal one; a single mark
    that parts thousands ("12.800"), or several times the same, is none."""
    digits = unicodedata.normalize("NFKC", tidy(text)).replace("٫", ".").replace("٬", ",")
    found = NUMBER.search("".join(str(unicodedata.digit(c, c)) for c in digits))
    if found is None:
        return None
    number = re.sub(r"['’\s]", "", found[0]).strip(".,")
    marks = [c for c in number if c in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
    elif len(marks) == 1 and not re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", number):
        decimal = marks[0]
    else:
        decimal = ""
    whole = "".join(c for c in number if c.isdigit() or c == decimal).replace(",", ".")
    try:
        return Decimal(whole)
    except InvalidOperation:
        return None


def currency(text: str) -> str | None:
    return currency_in(text)


def yes_or_no(text: str) -> bool | None:
    word = comparable(text).split(" ")[0].strip(".,;!") if text.strip() else ""
    if word in YES:
        return True
    return False if word in NO else None


ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
NAMED = re.compile(r"(\d{1,2})\.?\s+([^\W\d]+)\.?,?\s+(\d{4})")
NAMED_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def date(text: str) -> dt.date | None:
    """A date whose parts cannot be mistaken: 2027-01-31, 31.1.2027, 31 January 2027. With
    slashes only if one part can be no month."""
    digits = "".join(str(unicodedata.digit(c, c)) for c in tidy(text))
    for year, month, day in readings(digits):
        try:
            return dt.date(year, month, day)
        except ValueError:
            continue
    return None


def readings(text: str) -> Iterator[tuple[int, int, int]]:
    """(year, month, day) as the text may be meant."""
    if found := ISO.search(text):
        yield int(found[1]), int(found[2]), int(found[3])
    if found := DOTTED.search(text):
        yield int(found[3]), int(found[2]), int(found[1])
    if found := SLASHED.search(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first > 12 or first == second:
            yield year, second, first
        elif second > 12:
            yield year, first, second
    for pattern, day, month in ((NAMED, 1, 2), (NAMED_FIRST, 2, 1)):
        if (found := pattern.search(text)) and comparable(found[month]) in names_of_months():
            yield int(found[3]), names_of_months()[comparable(found[month])], int(found[day])


@lru_cache(maxsize=1)
def names_of_months() -> dict[str, int]:
    return {
        comparable(name).strip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }


READERS: dict[str, Callable[[str], object]] = {
    "customer_name": plain_text,
    "customer_domain": domain,
    "customer_country": country,
    "product_line": plain_text,
    "amount": amount,
    "currency": currency,
    "expected_close": date,
    "public_sector": yes_or_no,
    "customer_consent": yes_or_no,
    "description": description,
}

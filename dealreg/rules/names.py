"""How customers' names and domains are compared: pure text in, keys out."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import tldextract
from cleanco import prepare_default_terms
from cleanco.clean import custom_basename, normalized, strip_punct, strip_tail
from django.utils.translation import gettext_lazy as _

from dealreg.rules.legal_forms import without_legal_forms
from dealreg.rules.letters import fold, visible
from dealreg.rules.mail_providers import is_mail_provider

# The list that the package carries, nothing is fetched; and the endings that are reserved for
# examples and tests (RFC 2606). Who rents a name below github.io or uk.com is a company of its
# own, so private endings count too.
_split_domain = tldextract.TLDExtract(
    suffix_list_urls=(),
    cache_dir=None,
    extra_suffixes=("example", "test"),
    include_psl_private_domains=True,
)
_legal_terms = prepare_default_terms()
_terms_by_first_word: dict[str, list[int]] = {}
for _place, (_size, _parts) in enumerate(_legal_terms):
    _terms_by_first_word.setdefault(_parts[0], []).append(_place)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the check compares it: key of the name, registrable domain, country, and
    the name as written where it is known."""

    name_key: str
    domain: str
    country: str
    name: str = ""

    @classmethod
    def typed(cls, name: str, domain: str, country: str) -> "Customer":
        return cls(name_key(name), domain, country, name)


class NotADomain(ValueError):
    """The text names no internet domain of a company; the message says what to type."""


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """The name without case, accents, punctuation and legal form: "Müller & Söhne GmbH" and
    "muller and sohne" are the same, "Müller" is another one.

    A name that is nothing but a legal form keeps it. At most 200 characters.
    """
    shown = visible(name)
    core = fold(_without_known_forms(shown)) or fold(shown)
    return (" ".join(without_legal_forms(core.split())) or core)[:200]


def _without_known_forms(shown: str) -> str:
    # The package takes vowel signs at the end of Indian names for punctuation.
    if not shown or unicodedata.category(shown[-1])[0] == "M":
        return shown
    terms = _terms_that_may_stand_in(shown)
    return str(custom_basename(shown, terms, prefix=True, middle=False, suffix=True))


def _terms_that_may_stand_in(name: str) -> list[tuple[int, list[str]]]:
    """The few legal forms of the hundreds whose first word the name has, in their order."""
    parts = {strip_punct(part) for part in normalized(strip_tail(name)).split()}
    found = [place for part in parts for place in _terms_by_first_word.get(part, ())]
    return [_legal_terms[place] for place in sorted(found)]


def joined_letters(name: str) -> str:
    """The whole name, legal form and all, without case, accents, punctuation and spaces."""
    return fold(name).replace(" ", "")


@lru_cache(maxsize=10_000)
def registrable_domain(text: str) -> str:
    """The part of an address that a company registers: "https://www.shop.acme.co.uk/x" and
    "jo@acme.co.uk" give "acme.co.uk". Internationalised names come back in their ASCII form.

    Empty text gives "". Raises NotADomain with a sentence for the person who typed it.
    """
    text = visible(text).lower()
    if not text:
        return ""
    parts = _split_domain(text)
    if not parts.domain or not parts.suffix:
        raise NotADomain(_("Enter the customer's web domain, for example example.com."))
    domain = f"{parts.domain}.{parts.suffix}"
    if is_mail_provider(domain):
        raise NotADomain(
            _("%(domain)s is a mail provider. Enter the customer's own web domain.")
            % {"domain": domain}
        )
    try:
        ascii_form = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_form = ""
    if not re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+", ascii_form) or len(ascii_form) > 253:
        raise NotADomain(_("Enter the customer's web domain, for example example.com."))
    return ascii_form

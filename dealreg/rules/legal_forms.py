"""Legal forms that stand before or after a company's name, in the languages that the list of
`cleanco` knows little or nothing of. They are written here as people write them and compared as
names are, folded (rules/letters.py).
"""

from collections.abc import Iterable
from functools import cache

from dealreg.rules.letters import fold, folded_words

AFTER = """
UG haftungsbeschränkt | UG | e.K. | e.Kfm. | e.Kfr. | gGmbH | gUG | mbH | OHG | PartG mbB | e.V.
Gesellschaft mit beschränkter Haftung | Aktiengesellschaft | Kommanditgesellschaft
Ges.m.b.H. | Gen.m.b.H. | und Co | and Co | et Co | et Cie | y Cía | e Cia
Société à responsabilité limitée | Société anonyme | Société par actions simplifiée | S.à r.l.
EURL | SELARL | Ltée | Limitée
Società a responsabilità limitata | Società per azioni | S.r.l.s. | S.a.s. | S.n.c.
Sociedad Anónima | Sociedad Limitada | S.L. | S.L.U. | S.A.U. | S.R.L. | S. de R.L. de C.V.
S.A.P.I. de C.V. | Sociedade Anônima | S/A | EIRELI | Ltda ME | Ltda EPP | Unipessoal Lda | Lda
B.V. | N.V. | V.O.F. | B.V.B.A. | Besloten Vennootschap | Naamloze Vennootschap
A/S | ApS | AB publ | Aktiebolag | Aktieselskab | Osakeyhtiö | Oy Ab | ASA | I/S | K/S | ehf.
hf.
Sp. z o.o. | Sp. j. | Sp. k. | Spółka z ograniczoną odpowiedzialnością | Spółka akcyjna
s.r.o. | spol. s r.o. | a.s. | v.o.s. | d.o.o. | j.d.o.o. | d.d. | d.n.o. | Zrt. | Nyrt.
Bt. | Kft.
S.C. | P.F.A. | UAB | SIA | OÜ | AS
A.Ş. | Anonim Şirketi | Ltd. Şti. | Limited Şirketi
Α.Ε. | ΑΕ | Ε.Π.Ε. | ΕΠΕ | Ι.Κ.Ε. | ΙΚΕ | Ο.Ε. | Ε.Ε. | Μονοπρόσωπη
ООО | ОАО | ЗАО | ПАО | НАО | АО | ИП | ТОВ | ПАТ | ПрАТ | АТ | ТОО | ЕООД | ООД | ЕАД | АД
д.о.о. | а.д.
Общество с ограниченной ответственностью | Публичное акционерное общество | Акционерное общество
בע״מ | בעמ | ע״ר
ذ.م.م | ذ م م | ش.م.م | ش.م.ع | ش.م.ك | ش.م.ب | ش.م.ل | ش.ش.و | م.م.ح | المحدودة
مساهمة عامة | مساهمة مقفلة
سهامی عام | سهامی خاص
लिमिटेड | प्राइवेट लिमिटेड | प्रा. लि. | লিমিটেড | จำกัด | จำกัด มหาชน
Tbk | Persero Tbk | Persero | Sdn Bhd | Bhd | Pte Ltd | Pty Ltd | Pvt Ltd | Private Limited
Co Ltd | Co Inc
Co | Corporation | Incorporated | Limited | Limited Liability Company
Public Limited Company | PLLC | L.P. | U.L.C.
W.L.L. | FZE | FZCO | FZ-LLC | FZ LLC | FZC | DMCC | PJSC | P.S.C. | B.S.C. | S.P.C.
S.A.O.C. | S.A.O.G. | K.S.C. | K.S.C.P.
JSC | OJSC | CJSC | LLC | Q.S.C. | Q.P.S.C. | S.A.E. | S.A.L.
K.K. | G.K. | Y.K. | Kabushiki Kaisha | Godo Kaisha | 株 | 有 | 주 | 유
"""

BEFORE = """
ООО | ОАО | ЗАО | ПАО | НАО | АО | ИП | ТОВ | ПАТ | ПрАТ | АТ | ТОО | ФОП
Общество с ограниченной ответственностью | Публичное акционерное общество | Акционерное общество
Товариство з обмеженою відповідальністю
Α.Ε. | ΑΕ | Ε.Π.Ε.
شركة | مؤسسة | شرکت | חברת
PT | Perusahaan Perseroan | Công ty TNHH | Công ty Cổ phần | Công ty
บริษัท | ห้างหุ้นส่วนจำกัด
Société anonyme | Kabushiki Kaisha | 株 | 有 | 주 | 유
"""

# Written without a space at either end of the name, longest first.
JOINED = (
    "股份有限公司 有限责任公司 有限責任公司 有限公司"
    " 株式会社 株式會社 有限会社 合同会社 一般社団法人"
    " 주식회사 유한회사 유한책임회사"
)


def without_legal_forms(words: list[str]) -> list[str]:
    """The words of a folded name without legal forms at its ends; a name that is nothing else
    keeps the last one that could go."""
    after, before = _ending(), _beginning()
    while cut := _longest(words[::-1], after):
        words = words[:-cut]
    while cut := _longest(words, before):
        words = words[cut:]
    return _without_joined(words)


def _longest(words: list[str], forms: dict[str, list[tuple[str, ...]]]) -> int:
    """How many words the longest form at this end has; 0 when there is none, or nothing else."""
    for form in forms.get(words[0], ()) if words else ():
        if len(form) < len(words) and tuple(words[: len(form)]) == form:
            return len(form)
    return 0


def _without_joined(words: list[str]) -> list[str]:
    for form in _joined():
        if words and words[-1].endswith(form):
            words = [*words[:-1], words[-1].removesuffix(form)]
        elif words and words[0].startswith(form):
            words = [words[0].removeprefix(form), *words[1:]]
        else:
            continue
        return [word for word in words if word]
    return words


def _by_first(forms: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for form in sorted(set(forms), key=len, reverse=True):
        found.setdefault(form[0], []).append(form)
    return found


def _spellings(listed: str) -> Iterable[tuple[str, ...]]:
    """Each form with its dots as spaces ("e k") and without them ("ek"); and as it reads beside
    a name in its own alphabet, and beside one in Latin letters."""
    for form in listed.replace("\n", "|").split("|"):
        for spelling in (form, form.replace(".", "")):
            for words in (fold(spelling).split(), folded_words(spelling)):
                if words:
                    yield tuple(words)


@cache
def _ending() -> dict[str, list[tuple[str, ...]]]:
    return _by_first(form[::-1] for form in _spellings(AFTER))


@cache
def _beginning() -> dict[str, list[tuple[str, ...]]]:
    return _by_first(_spellings(BEFORE))


@cache
def _joined() -> tuple[str, ...]:
    return tuple(fold(form) for form in JOINED.split())

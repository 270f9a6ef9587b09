"""Names by the million, none of which is anybody's: the same in Python and in the database."""


def words(text: str) -> list[str]:
    return text.split()


FIRST = words("Al Bar Cal Dor El Fen Gal Har Il Jor Kel Lun Mar Nor Or Pel Quin Ros Sil Tor")
MIDDLE = words("ba de fi go hu la me ni po ru sa ve ti lo ma ne di ra bo ke")
LAST = words("ra len ton vik dal mer na berg lis con dor fell gan ho tis va ne sen rix lo")
TRADES = words(
    "Logistics Foods Energy Textiles Chemicals Optics Robotics Shipping Printing Furniture "
    "Ceramics Aviation Clinics Hotels Farms Mining Motors Plastics Tools Instruments Bakeries "
    "Forestry Beverages Packaging Publishing"
)
TOWNS = words(
    "Aldermoor Birkholm Castelvento Drumloch Elverum Feldkirch Glenbay Hartsund Isleworth"
)
COUNTRIES = words("DE GB US SE NL IT ES AU CH FI")
FORMS = ["GmbH", "Ltd", "Inc", "AB", "BV", "Srl", "SL", "Pty Ltd", "AG", "Oy"]


def coined(n: int) -> str:
    """The same invented word as the database makes for number n."""
    k = n * 7919 % 8000
    return FIRST[k % 20] + MIDDLE[k // 20 % 20] + LAST[k // 400]


def sql_array(words: list[str]) -> str:
    return "ARRAY[{}]".format(", ".join(f"'{word}'" for word in words))


# Any two numbers up to 1,800,000 give two names: the word repeats every 8,000 numbers, the
# trade then moves on by one, and the town every 200,000. (All that is put in is written here.)
NAMES = f"""
    SELECT n,
           ({sql_array(FIRST)})[k %% 20 + 1] || ({sql_array(MIDDLE)})[k / 20 %% 20 + 1]
               || ({sql_array(LAST)})[k / 400 + 1] AS word,
           ({sql_array(TRADES)})[(n + n / 8000) %% 25 + 1] AS trade,
           coalesce(({sql_array(TOWNS)})[n / 200000], '') AS town,
           n %% 10 + 1 AS place
    FROM (SELECT n, n * 7919 %% 8000 AS k
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n) AS numbers
"""  # noqa: S608

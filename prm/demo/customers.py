"""The end customers of the example: invented companies, by country."""

from dataclasses import dataclass

from dealreg.services import PastAccount


@dataclass(frozen=True, slots=True)
class Customer:
    """`key` is how stories call it; `parent` the key of the company that owns it."""

    key: str
    name: str
    domain: str
    country: str
    sector: str
    employees: int
    parent: str = ""


# key | name | sector | employees | owned by
BY_COUNTRY = {
    "DE": """
        hansaport|Hansaport Logistik GmbH|Logistics|2400|
        hansaport-kuehl|Hansaport Kühlhaus GmbH|Logistics|310|hansaport
        weserstahl|Weserstahl AG|Manufacturing|5200|
        brocken|Brocken Versicherung AG|Insurance|3100|
        lindenau|Klinikum Lindenau|Health|1850|
        stadtwerke-elmsund|Stadtwerke Elmsund|Utilities|640|
        kornblume|Kornblume Lebensmittel KG|Retail|7800|
        optikwerk|Optikwerk Saalfeld GmbH|Manufacturing|430|
        rheinfaden|Rheinfaden Textil GmbH|Manufacturing|560|
        morgentau|Morgentau Energie eG|Utilities|220|
        bahnhofsapotheken|Bahnhofs-Apotheken Verbund|Health|900|
        landkreis-osterau|Landkreis Osterau|Public sector|1300|
        falkenburg|Privatbank Falkenburg|Finance|380|
        zahnrad-huber|Zahnrad Huber GmbH & Co. KG|Manufacturing|260|
        wattkraft|Wattkraft Offshore GmbH|Energy|740|
        druckhaus-elbe|Druckhaus Elbe GmbH|Media|190|""",
    "AT": """
        alpenmilch|Alpenmilch Molkerei|Food|680|
        donaubau|Donaubau AG|Construction|2100|
        semmering|Semmering Hotels|Hospitality|950|""",
    "CH": """
        gletscherbank|Gletscherbank AG|Finance|520|
        uhrwerk-jura|Uhrwerk Jura SA|Manufacturing|340|
        bergspital|Bergspital Engiadina|Health|410|""",
    "GB": """
        tamarfoods|Tamar Valley Foods Ltd|Food|1250|
        larkhill|Larkhill University Trust|Education|3400|
        brackenrail|Bracken Rail plc|Transport|6100|
        brackenrail-depot|Bracken Rail Depots Ltd|Transport|820|brackenrail
        quaymutual|Quay Mutual Insurance|Insurance|1480|
        fenwater|Fenland Water Services|Utilities|2050|
        copperdale|Copperdale Pharmaceuticals Ltd|Health|970|
        northmoor|Northmoor Council|Public sector|2900|
        ashgrove|Ashgrove Homes Ltd|Construction|450|
        thistlemedia|Thistle Media Group|Media|380|""",
    "IE": """
        corribfoods|Corrib Foods Ltd|Food|890|
        slaneybank|Slaney Credit Union|Finance|140|
        shannonaero|Shannonside Aero Leasing|Aviation|260|
        burrenmedical|Burren Medical Devices|Health|1120|""",
    "SE": """
        norrbruk|Norrbruk Papper AB|Manufacturing|1900|
        vastkustel|Västkust El AB|Utilities|430|
        malarvard|Mälarvård AB|Health|2700|
        bjorkmobel|Björkmöbel AB|Retail|610|""",
    "NO": """
        fjordline|Fjordline Shipping AS|Shipping|1300|
        nordsild|Nordsild Havbruk AS|Food|520|
        tindenergi|Tind Energi ASA|Energy|880|""",
    "DK": """
        fjordline-dk|Fjordline Shipping A/S|Shipping|210|
        havgris|Havgris Dagligvarer A/S|Retail|3300|
        klitvind|Klitvind Energi A/S|Energy|290|""",
    "FI": """
        saimaasahko|Saimaan Sähkö Oy|Utilities|370|
        revontuli|Revontuli Matkat Oy|Hospitality|150|""",
    "NL": """
        tulpenbeurs|Tulpenbeurs Veiling BV|Trade|480|
        waterlijn|Waterlijn Baggerwerken NV|Construction|1750|
        zuidas-legal|Van Rijnsbergen Advocaten|Legal|230|
        poldermelk|Poldermelk Coöperatie|Food|1400|""",
    "BE": """
        meusechem|Meuse Chemie NV|Chemicals|1150|
        ardennes-spa|Ardennes Thermes SA|Hospitality|330|""",
    "ES": """
        olivarsur|Olivar del Sur SA|Food|720|
        puertoazul|Puerto Azul Terminales SL|Logistics|540|
        clinicadelmar|Clínica del Mar|Health|610|""",
    "IT": """
        ceramichevalle|Ceramiche Valle Srl|Manufacturing|390|
        trasportiadda|Trasporti Adda SpA|Logistics|860|
        bancolario|Banco Lario SpA|Finance|1240|""",
    "KW": """
        dasmacooling|Dasma District Cooling|Utilities|270|
        failakabank|Failaka Commercial Bank|Finance|1050|""",
    "AE": """
        palmretail|Palm Court Retail LLC|Retail|2300|
        creekfreight|Creekside Freight FZE|Logistics|410|""",
    "ZA": """
        highveldmining|Highveld Platinum Ltd|Mining|4800|
        karoowind|Karoo Wind Power|Energy|190|
        protearetail|Protea Stores Ltd|Retail|6700|""",
    "US": """
        pinnaclegrain|Pinnacle Grain Cooperative|Agriculture|1600|
        harborlight|Harborlight Health System|Health|8200|
        harborlight-labs|Harborlight Labs Inc|Health|540|harborlight
        ironridge|Iron Ridge Steel Corp|Manufacturing|3900|
        sundialair|Sundial Airways Inc|Aviation|5100|
        cedarcounty|Cedar County Schools|Education|2800|
        bluestemins|Bluestem Insurance Group|Insurance|2100|
        mesaverdepower|Mesa Verde Power LLC|Utilities|1250|
        quillbooks|Quill & Lantern Books Inc|Retail|730|
        granitefed|Granite Federal Credit Union|Finance|410|
        tidewatershipping|Tidewater Shipping Inc|Shipping|960|
        prairiepharm|Prairie Pharm Inc|Health|1500|""",
    "CA": """
        mapleridge|Maple Ridge Forestry Ltd|Forestry|880|
        laurentidehydro|Laurentide Hydro|Utilities|2600|""",
    "BR": """
        cafealvorada|Café Alvorada SA|Food|1900|
        bancoipe|Banco Ipê SA|Finance|3600|""",
    "MX": """
        cementosmixtec|Cementos Mixteca SA|Construction|2200|""",
    "JP": """
        asagirifoods|Asagiri Foods KK|Food|1450|
        minatoprecision|Minato Precision KK|Manufacturing|2700|
        yukimurahotels|Yukimura Hotels KK|Hospitality|1100|
        hokuriku-denshi|北陸みどり電子|Manufacturing|820|""",
    "AU": """
        coralcoast|Coral Coast Ferries Pty Ltd|Transport|350|
        redgumwines|Redgum Wines Pty Ltd|Food|240|
        outbackhealth|Outback Health Network|Health|1700|""",
    "SG": """
        jurongchem|Jurong Bay Chemicals Pte Ltd|Chemicals|690|
        peraktin|Perak Tin Trading Pte Ltd|Trade|130|""",
    "IN": """
        malabarspice|Malabar Spice Exports Pvt Ltd|Food|940|
        deodarbank|Deodar Bank Ltd|Finance|5300|
        monsoonmotors|Monsoon Motors Ltd|Manufacturing|7400|""",
}
# Two companies that only look alike, and one that is written in another script.
OWN_DOMAINS = {"fjordline-dk": "fjordline-shipping.example", "hokuriku-denshi": "hokuriku.example"}


def customers() -> dict[str, Customer]:
    """All customers by key; parents come before their subsidiaries."""
    return {
        one.key: one
        for country, lines in BY_COUNTRY.items()
        for one in (_customer(country, line) for line in lines.strip().splitlines())
    }


def _customer(country: str, line: str) -> Customer:
    key, name, sector, employees, parent = line.strip().split("|")
    domain = OWN_DOMAINS.get(key, f"{key}.example")
    return Customer(key, name, domain, country, sector, int(employees), parent)


def reference(key: str) -> str:
    """How the invented vendor's CRM calls the customer."""
    return f"demo:account:{key}"


def as_account(one: Customer) -> PastAccount:
    return PastAccount(
        ref=reference(one.key),
        name=one.name,
        domain=one.domain,
        country=one.country,
        sector=one.sector,
        employees=one.employees,
        parent=reference(one.parent) if one.parent else "",
    )

"""Providers of mail for everybody: an address at one of them says nothing about a company."""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Under any ending: yahoo.co.uk, hotmail.fr, gmx.at.
_BRANDS = _listed(
    "aol gmail gmx googlemail hotmail mailinator outlook protonmail rocketmail tutanota yahoo"
    " yandex ymail"
)
_DOMAINS = _listed(
    """
    10minutemail.com 126.com 139.com 163.com 188.com 189.cn abv.bg aliyun.com arcor.de
    att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com centrum.cz
    charter.net comcast.net cox.net daum.net duck.com earthlink.net email.cz email.de
    fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de guerrillamail.com
    hanmail.net hey.com hushmail.com i.ua icloud.com ig.com.br interia.pl kakao.com
    laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.it live.nl
    mac.com mail.bg mail.com mail.de mail.ee mail.ru mail2world.com mailbox.org maktoob.com
    me.com msn.com nate.com naver.com neuf.fr ntlworld.com o2.pl onet.pl op.pl optonline.net
    optusnet.com.au orange.fr pm.me pobox.com poste.it posteo.de proton.me qq.com rambler.ru
    rediffmail.com riseup.net runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr sina.cn
    sina.com skynet.be sohu.com sympatico.ca t-online.de talktalk.net telus.net terra.com.br
    tin.it tiscali.it tom.com tuta.com tuta.io tutamail.com ukr.net uol.com.br verizon.net
    virgilio.it virginmedia.com voila.fr walla.co.il wanadoo.fr web.de wp.pl xtra.co.nz
    yeah.net yopmail.com ziggo.nl
    """
)


def is_mail_provider(domain: str) -> bool:
    """Whether anybody can have an address at this registrable domain."""
    return domain in _DOMAINS or domain.partition(".")[0] in _BRANDS

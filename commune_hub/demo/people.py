"""Three hundred people of the demo country: first names of the world, phone numbers and addresses of nobody."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Contact, Person
from commune_hub.accounts.queries import contact_hash, name_hash, ring_of
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import ContactKind
from commune_hub.base.ids import new_public_id
from commune_hub.events.models import Priority
from commune_hub.events.words import PriorityReason

HOW_MANY = 300
_KNOWN_FOR = timedelta(days=400)
_CONTRACT = timedelta(days=730)
_AT_HOME_IN = "0304 0304 0304 0204 0204 0202 0203 0213 0213 0209 0309 0310 0409 0605 0807 1104".split()

# By the language of the interface in which they write to the hub; two words are one name where a _ stands.
NAMES = {
    "pt": "Inês João Maria_da_Conceição Rui Catarina Tiago Beatriz Nuno Fátima Paulo Lurdes Hélder Marisa Edson"
    " Nilza Adilson Zuleica Djamila Thiago Luana Vânia Joaquim Sónia Armando",
    "fr": "Amina Fatou Moussa Aïcha Ibrahim Mariam Karim Leïla Youssef Samira Mehdi Nadia Chloé Mathieu Élodie Bastien"
    " Noémie Océane Giulia Marco Chiara Matteo Lucía Javier Carmen Andrés Ioana Mihai Elena Bogdan Awa Cheikh"
    " Bénédicte Jean-Baptiste Aminata Ousmane Rokia Thérèse Innocent Grâce Espérance Divine فاطمة محمد مريم أحمد"
    " ليلى خالد نور يوسف رانيا حسن هدى سلمى Nguyễn_Thị_Mai Trần_Minh Aboubacar Salimata",
    "en": "Олена Тарас Оксана Ірина Андрій Наталія Юлія Дмитро ሰላም ኣበባ ሃብቶም ሚኪኤል ሉላ زهرا رضا مریم فرهاد 李娜 王伟"
    " 张敏 陈静 さくら 健太 美咲 आरती विक्रम Priya Rahul ਗੁਰਪ੍ਰੀਤ Ayşe Mehmet Elif Emre Ελένη Γιώργος Siobhán Niamh"
    " Oluwaseun Chiamaka Emeka Adaeze Kwame Abena Thandiwe Yuki Min-jun Seo-yeon Dariya Aziz Gulnara Nino Levan"
    " Ágnes László Zsófia Małgorzata Paweł Agnieszka Jūratė Kristīne Søren Björk Owen Rhys Sinead Hamish",
    "de": "Јована Милош Dragana Nermin Amra Emina Edin Ardita Besnik Valbona Shpresa Lorik Katharina Jürgen Ulrike"
    " Thorsten Anke Sławomir Tuğba Hüseyin Magdalena Jakub",
    "lb": "Marie-Josée Guy Sylvie Patrick Fabienne Luc Danielle Pol Liz Yves",
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A person with the commune where the demo has them live; the hub does not know it."""

    person: Person
    lau2: str


def people(session: Session, *, now: datetime, chance: random.Random) -> list[Neighbour]:
    """New people with their keys, names and contacts; some have signed a contract and come first in queues."""
    ring = ring_of(session)
    names = _names(chance)
    owners = [new_public_id() for _ in names]
    ring.add_owners(owners)
    neighbours = []
    for number, (owner, (name, language)) in enumerate(zip(owners, names, strict=True)):
        person = Person(
            public_id=owner, language=language, name_sealed=ring.seal(owner, name),
            name_hash=name_hash(session, name), created_at=now - _KNOWN_FOR + timedelta(hours=number),
        )  # fmt: skip
        person.contacts = [_contact(session, owner, reach, person.created_at) for reach in _reaches(number, chance)]
        neighbours.append(Neighbour(person, chance.choice(_AT_HOME_IN)))
    session.add_all(neighbour.person for neighbour in neighbours)
    session.flush()
    for neighbour in neighbours[::6]:
        since = now.date() - timedelta(days=chance.randrange(30, 400))
        session.add(
            Priority(
                person_id=neighbour.person.id, reason=PriorityReason.SIGNATORY, since=since, until=since + _CONTRACT
            )
        )
    return neighbours


def _names(chance: random.Random) -> list[tuple[str, str]]:
    """Each name once, then again with an initial, in an order without order."""
    known = [(name.replace("_", " "), language) for language, names in NAMES.items() for name in names.split()]
    again = [(f"{name} {chance.choice('ABCDEFGHKLMNPRSTVW')}.", language) for name, language in known]
    chosen = [*known, *again][:HOW_MANY]
    chance.shuffle(chosen)
    return chosen


def _reaches(number: int, chance: random.Random) -> list[Reach]:
    """A number or an address, for some both, for a few nothing; every ninth shares the phone of the one before."""
    shared = number - (number % 9 == 8)
    # Numbers that begin with zeros are given to nobody, and example.org is nobody's.
    phone = Reach(ContactKind.PHONE, f"+3526{'269'[shared % 3]}1000{shared:03d}")
    mail = Reach(ContactKind.MAIL, f"person{number:03d}@people.example.org")
    return chance.choice(([phone], [phone], [mail], [phone], [mail], [phone, mail], [phone], [mail], []))


def _contact(session: Session, owner: str, reach: Reach, at: datetime) -> Contact:
    return Contact(
        kind=reach.kind, value_sealed=ring_of(session).seal(owner, reach.value),
        value_hash=contact_hash(session, reach), created_at=at,
    )  # fmt: skip

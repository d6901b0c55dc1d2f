"""What the screen says: French in the source, English beside it. Codes get their sentences here and nowhere else."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from flask import Flask, has_request_context, request

from commune_hub.base.errors import InputCode
from commune_hub.base.words import LOCAL
from commune_hub.schemes.words import (
    ContractState,
    Lack,
    ObligationKind,
    SecondContractBar,
    SigningBar,
    VoucherBar,
    VoucherState,
)
from national_record.web.english import ENGLISH
from national_record.words import AttestationState, CountsFor, DataGroup, Deed, Duty, Refusal, Result

LANGUAGES = ("fr", "en")

REASONS: dict[StrEnum, str] = {
    SigningBar.NOT_OPEN_YET: "Ce dispositif n’était pas encore ouvert ce jour-là.",
    SigningBar.NO_LONGER_OPEN: "Ce contrat ne peut plus être signé (loi du 23 août 2023).",
    SigningBar.TOO_YOUNG: "La personne n’a pas encore l’âge requis.",
    SigningBar.TOO_OLD: "La personne a dépassé l’âge limite.",
    SigningBar.NATIONALITY: "Le contrat n’est pas ouvert aux personnes de cette nationalité.",
    SigningBar.NO_CONNECTION: "Il faut résider ou, selon le dispositif, travailler dans le pays.",
    SigningBar.NOT_DURABLE: "La personne doit vouloir rester durablement.",
    SigningBar.EXCLUDED: "La situation d’immigration de la personne exclut ce contrat.",
    SigningBar.NO_SESSION: "La personne doit d’abord venir à une séance d’information.",
    SigningBar.SESSION_TOO_LONG_AGO: "La séance d’information date de plus d’un an.",
    VoucherBar.NO_VOUCHERS: "Ce dispositif ne connaît pas de bons.",
    VoucherBar.ALL_GIVEN: "Tous les bons ont été émis.",
    VoucherBar.COURSE_NOT_FINISHED: "Le cours du bon précédent n’est pas attesté.",
    VoucherBar.TOO_LITTLE_ATTENDED: "Le cours précédent n’a pas été suivi à 70 %.",
    VoucherBar.CONTRACT_OVER: "Le contrat est terminé.",
    SecondContractBar.NOT_IN_THIS_SCHEME: "Ce dispositif ne connaît pas de deuxième contrat.",
    SecondContractBar.STILL_RUNNING: "Le contrat court encore.",
    SecondContractBar.NOTHING_MISSING: "Rien ne manque : le contrat est accompli.",
    SecondContractBar.NO_LEGITIMATE_REASON: "Il faut un motif reconnu légitime.",
    SecondContractBar.IS_THE_SECOND: "Ceci est déjà le deuxième contrat.",
    Refusal.NO_IMMIGRATION: "La situation d’immigration n’est pas enregistrée.",
    Refusal.NO_INTERVIEW: "L’entretien administratif manque encore.",
    Refusal.CONTRACT_RUNNING: "Un contrat de ce dispositif court déjà.",
    Refusal.SECOND_TAKEN: "Il y a déjà un deuxième contrat.",
    Refusal.CONTRACT_CLOSED: "Le contrat est terminé.",
    Refusal.NO_SUCH_OBLIGATION: "Cette obligation ne fait pas partie du contrat.",
    Refusal.OUTSIDE_THE_CONTRACT: "Suivi avant ou après le contrat.",
    Refusal.VOUCHER_NOT_VALID: "Ce bon n’est pas ou plus valable ce jour-là.",
    Refusal.ALREADY_DECIDED: "Quelqu’un a déjà décidé.",
    Refusal.UNKNOWN_ATTESTATION: "Cette attestation n’est pas connue.",
    Refusal.ATTESTATION_WITHDRAWN: "Cette attestation a été retirée.",
    Refusal.ALREADY_RECEIVED: "Cette attestation a déjà été reçue.",
    Refusal.UNKNOWN_REFERENCE: "Ce contrat n’est pas connu.",
    Refusal.MATRICULE_INVALID: "Ce matricule n’est pas valable ou ne va pas avec la date de naissance.",
    Refusal.MATRICULE_TAKEN: "Une personne est déjà connue sous ce matricule.",
    Refusal.NOT_AUTHORISED: "Seul le directeur peut autoriser.",
    Refusal.KEY_USED_OTHERWISE: "Cette clé a déjà servi.",
    Refusal.TOO_MANY_TRIES: "Trop d’essais. Réessayez dans un quart d’heure.",
    Refusal.WRONG_PASSWORD: "Le nom ou le mot de passe n’est pas juste.",
    Refusal.LOGIN_TAKEN: "Ce nom est déjà pris.",
}
WORDS: dict[StrEnum, str] = {
    ContractState.SIGNED: "signé",
    ContractState.IN_FORCE: "en vigueur",
    ContractState.FULFILLED: "accompli",
    ContractState.ENDED: "terminé sans être accompli",
    ObligationKind.LANGUAGE: "formation linguistique",
    ObligationKind.CIVIC: "instruction civique",
    ObligationKind.ORIENTATION_DAY: "journée d’orientation",
    CountsFor.PRACTICE: "pratique (ne remplit aucune obligation)",
    VoucherState.VALID: "valable",
    VoucherState.USED: "utilisé",
    VoucherState.EXPIRED: "expiré",
    AttestationState.RECEIVED: "reçue",
    AttestationState.VALIDATED: "validée",
    AttestationState.REJECTED: "refusée",
    AttestationState.WITHDRAWN: "retirée",
    Duty.FILES: "dossiers",
    Duty.ATTESTATIONS: "attestations",
    Duty.PROVIDERS: "prestataires",
    Duty.CERTIFICATION: "fichier de dix ans",
    Duty.TRACES: "traces",
    Duty.EVALUATION: "évaluation",
    Duty.LINK: "vérifier un contrat",
    Duty.SUBMIT: "envoyer des attestations",
    Duty.OFFERS: "annoncer des cours",
    Deed.VERIFY: "contrat vérifié",
    Deed.MISSING: "ce qui manque lu",
    Deed.CHANGES: "changements lus",
    Deed.ATTESTATION_SUBMIT: "attestation envoyée",
    Deed.ATTESTATION_READ: "attestation lue",
    Deed.ATTESTATION_CORRECT: "attestation corrigée",
    Deed.ATTESTATION_WITHDRAW: "attestation retirée",
    Deed.ATTESTATION_DECIDE: "attestation décidée",
    Deed.OFFER: "cours annoncé",
    Deed.PRESENCE: "liste de présence reçue",
    Deed.FILE_FIND: "dossier cherché",
    Deed.FILE_OPEN: "dossier consulté",
    Deed.FILE_RECORD: "dossier modifié",
    Deed.LIST_OPEN: "liste consultée",
    Deed.CONTRACT_CHANGE: "contrat modifié",
    Deed.INVITE: "invitation",
    Deed.CERTIFICATION_FIND: "fichier de dix ans consulté",
    Deed.TRACES_READ: "traces consultées",
    Deed.AUTHORISE: "autorisation",
    Deed.RETENTION: "délai de conservation appliqué",
    Deed.REFUSED_PAGE: "page refusée",
    Result.DONE: "fait",
    Result.REFUSED: "refusé",
    Result.NOT_FOUND: "introuvable",
}
# Apart from the words: "language" is a group of data and an obligation.
GROUPS: dict[StrEnum, str] = {
    DataGroup.PERSONAL: "Situation personnelle",
    DataGroup.FAMILY: "Situation familiale",
    DataGroup.LANGUAGE: "Contexte linguistique",
    DataGroup.EDUCATION: "Niveau d’éducation",
    DataGroup.PROFESSION: "Statut professionnel et secteur",
    DataGroup.IMMIGRATION: "Situation d’immigration",
}
DOUBTS: dict[str, str] = {
    Lack.WRONG_LANGUAGE: "La langue n’est pas une langue administrative.",
    Lack.LEVEL_NOT_SHOWN: "Le niveau n’est pas indiqué.",
    Lack.LEVEL_TOO_LOW: "Le niveau est trop bas.",
    Lack.TOO_LITTLE_ATTENDED: "Moins de 70 % du cours ont été suivis.",
    Lack.MODULE_MISSED: "Une séance du cours a été manquée.",
    Lack.TOO_SHORT: "Le cours est plus court que le minimum.",
    Lack.EXAM_NOT_PASSED: "L’examen n’est pas réussi.",
    Lack.OUTSIDE_THE_CONTRACT: "Suivi avant ou après le contrat.",
    Lack.TOO_FEW_COURSES: "Il faut plus de cours.",
    "activity_does_not_count": "Ce genre d’activité ne compte pas pour cette obligation.",
    "no_convention": "Aucune convention valable n’est connue sous cette référence.",
    "from_outside": "Attestation d’ailleurs : vérifiez l’organisme.",
    "not_in_this_contract": "Cette obligation ne fait pas partie du contrat.",
}
FIELDS: dict[str, str] = {
    "names": "Nom(s)", "first_names": "Prénom(s)", "birth_date": "Date de naissance", "mail": "E-mail",
    "phone": "Téléphone", "commune": "Commune", "civil_status": "État civil", "children": "Enfants",
    "spoken": "Langues parlées", "level_lb": "Niveau luxembourgeois", "level_fr": "Niveau français",
    "level_de": "Niveau allemand", "oriented_to": "Orientation vers un cours", "level": "Niveau", "status": "Statut",
    "sector": "Secteur", "nationality": "Nationalité (deux lettres)", "arrived_on": "Arrivée le",
    "legal_residence": "Réside légalement", "works_here": "Travaille dans le pays",
    "stays_durably": "Veut rester durablement", "temporary_permit": "Titre de séjour temporaire",
    "asylum_applicant": "Demandeur de protection internationale",
    "login": "Nom d’utilisateur", "name": "Nom", "password": "Mot de passe", "matricule": "Matricule",
    "motive": "Motif précis", "agent": "Agent", "about": "Matricule ou numéro de contrat",
    "number": "Matricule ou numéro de contrat", "scheme": "Dispositif", "day": "Date", "at": "Heure", "place": "Lieu",
    "language": "Langue", "seats": "Places", "reason": "Raison", "signed_on": "Signé le", "held_on": "Entretien le",
    "on_day": "Date", "title": "Titre", "kind": "Prestation", "code": "Code", "convention_reference": "Convention",
    "valid_from": "Valable du", "valid_until": "Valable jusqu’au", "social_worker": "Assistant social demandé",
    "issuer": "Émise par", "first_on": "Premier jour", "last_on": "Dernier jour", "counts_for": "Compte pour",
}  # fmt: skip
COUNTS: dict[str, str] = {
    "signed": "contrats signés", "fulfilled": "accomplis", "ended": "terminés sans être accomplis",
    "vouchers": "bons émis", "candidates": "candidats sans contrat",
    "language_met": "formation linguistique accomplie", "civic_met": "instruction civique accomplie",
    "orientation_day_met": "journée d’orientation accomplie",
}  # fmt: skip
_PROBLEMS: dict[InputCode, str] = {
    InputCode.REQUIRED: "à remplir",
    InputCode.REASON_TOO_SHORT: "au moins deux mots et dix lettres",
    InputCode.TOO_LONG: "trop long",
    InputCode.NOT_A_DATE: "pas une date",
    InputCode.END_BEFORE_START: "avant le premier jour",
    InputCode.NOT_A_TIME: "pas une heure",
    InputCode.NOT_A_NUMBER: "pas un nombre",
    InputCode.CONTROL_CHARACTERS: "contient des caractères invisibles",
    InputCode.PASSWORD_TOO_SHORT: "au moins huit caractères",
    InputCode.PASSWORD_TOO_LONG: "trop long",
    InputCode.PASSWORD_TOO_COMMON: "trop répandu",
}
_OTHER_PROBLEM = "ne peut pas être accepté"


def language() -> str:
    """The language of this screen: French, unless the agent has chosen English."""
    from national_record.web.screen import LANGUAGE_COOKIE

    found = request.cookies.get(LANGUAGE_COOKIE, "") if has_request_context() else ""
    return found if found in LANGUAGES else "fr"


def say(french: str) -> str:
    """The sentence in the language of this screen."""
    return ENGLISH[french] if language() == "en" else french


def word(code: str) -> str:
    """The word for a state, a kind or a deed."""
    # A plain string from the database is equal to its word.
    return say(WORDS[code]) if code in WORDS else code  # type: ignore[index]


def reason(code: StrEnum) -> str:
    """Why something is not done."""
    return say(REASONS[code])


def problems(found: Mapping[str, Sequence[InputCode]]) -> str:
    """What is wrong with which field."""
    said = [
        f"{say(FIELDS[field]) if field in FIELDS else field} : {say(_PROBLEMS.get(codes[0], _OTHER_PROBLEM))}"
        for field, codes in found.items()
    ]
    return " · ".join(said)


def all_sentences() -> set[str]:
    """Every French sentence of the tables, for the test that each has its English."""
    tables = (REASONS, WORDS, GROUPS, DOUBTS, FIELDS, COUNTS, _PROBLEMS)
    return {said for table in tables for said in table.values()} | {_OTHER_PROBLEM}  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    """Put the words into the templates."""
    app.jinja_env.filters["zip_same"] = lambda codes: [(one, one) for one in codes]
    app.jinja_env.filters["zip_words"] = lambda codes: [(one, word(one)) for one in codes]
    app.jinja_env.globals.update(
        LOCAL=LOCAL,
        bool_type=bool,
        t=say,
        word=word,
        language=language,
        doubt=lambda code: say(DOUBTS[code]),
        field_name=lambda name: say(FIELDS[name]),
        group_name=lambda group: say(GROUPS[group]),
        count_name=lambda name: say(COUNTS[name]),
    )

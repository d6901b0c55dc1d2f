"""Who offers something in the demo country and where: real communes and localities, everything else invented."""

from dataclasses import dataclass

from commune_hub.accounts.words import OrganisationKind


@dataclass(frozen=True, slots=True)
class Organiser:
    """An organisation; `lau2s` and `spoken` are separated by spaces, `colours` are brand and accent."""

    slug: str
    name: str
    kind: OrganisationKind
    lau2s: str
    phone: str
    spoken: str = "fr lb"
    colours: tuple[str, ...] = ()

    @property
    def mail(self) -> str:
        """Under example.org, which belongs to nobody, so that no letter of the demo ever reaches a stranger."""
        return f"vivre-ensemble@{self.slug}.example.org"

    @property
    def contact_name(self) -> str:
        """Whom one asks."""
        return "Service Vivre ensemble" if self.kind == OrganisationKind.COMMUNE else self.name


@dataclass(frozen=True, slots=True)
class Hall:
    """A venue. `metres` north and east of the locality's point for a pin set by hand; without it the point is
    that of the locality."""

    key: str
    organiser: str
    name: str
    lau2: str
    locality: str
    metres: tuple[int, int] | None = None
    address: str = ""
    postcode: str = ""
    bus_stop: str = ""
    step_free: bool = True
    access_note: str = ""
    capacity: int | None = None
    free_times: str = ""


_C, _S, _A, _N = (
    OrganisationKind.COMMUNE,
    OrganisationKind.SYNDICATE,
    OrganisationKind.ASSOCIATION,
    OrganisationKind.AUTHORITY,
)

ORGANISERS = (
    Organiser("sanem", "Commune de Sanem", _C, "0213", "26 00 00 01", "fr lb pt en"),
    Organiser("luxembourg", "Ville de Luxembourg", _C, "0304", "26 00 00 02", "fr lb de en", ("#1f3d7a", "#a8322a")),
    Organiser(
        "esch-sur-alzette", "Ville d’Esch-sur-Alzette", _C, "0204", "26 00 00 03", "lb fr pt it", ("#8f1d3f", "#8a5a00")
    ),
    Organiser("differdange", "Ville de Differdange", _C, "0202", "26 00 00 04", "lb fr pt", ("#1d6b45", "#a33b00")),
    Organiser("dudelange", "Ville de Dudelange", _C, "0203", "26 00 00 05", "lb fr it", ("#5a3477", "#b0351f")),
    Organiser("petange", "Commune de Pétange", _C, "0209", "26 00 00 06", "fr lb pt"),
    Organiser("strassen", "Commune de Strassen", _C, "0309", "26 00 00 07", "fr lb en"),
    Organiser("walferdange", "Commune de Walferdange", _C, "0310", "26 00 00 08", "lb fr en"),
    Organiser("mersch", "Commune de Mersch", _C, "0409", "26 00 00 09", "lb fr de"),
    Organiser("ettelbruck", "Ville d’Ettelbruck", _C, "0605", "26 00 00 10", "lb fr pt"),
    Organiser("wiltz", "Ville de Wiltz", _C, "0807", "26 00 00 11", "lb fr pt"),
    Organiser("grevenmacher", "Ville de Grevenmacher", _C, "1104", "26 00 00 12", "lb de fr"),
    Organiser("atert-uewersauer", "Syndicat Atert-Uewersauer", _S, "0706 0704 0802 0806", "26 00 00 13", "lb fr"),
    Organiser(
        "mateneen", "Association Mateneen", _A, "0304 0204 0605", "26 00 00 14", "fr lb en ar", ("#a34410", "#1f5f8b")
    ),
    Organiser("wuertwiessel", "Wuertwiessel asbl", _A, "0304 0204 0807", "26 00 00 15", "fr lb pt en"),
    Organiser("stammdesch", "Stammdësch asbl", _A, "0304", "26 00 00 16", "en lb fr"),
    Organiser("integration", "Service national d’intégration (démo)", _N, "0304", "26 00 00 17", "lb fr de en pt"),
)

HALLS = (
    Hall(
        "belvaux", "sanem", "Centre culturel", "0213", "Belvaux", (180, -120), "4, rue de la Poste", "4477",
        "Belvaux, Gemeng", capacity=60, access_note="Ascenseur à droite de l’entrée",
    ),
    Hall("soleuvre", "sanem", "Salle des fêtes", "0213", "Soleuvre", (-90, 210), "10, rue du Théâtre", "4411",
         "Soleuvre, Place", capacity=200),
    Hall("soleuvre_library", "sanem", "Bibliothèque communale", "0213", "Soleuvre", (140, 60), "2, rue de l’École",
         "4411", step_free=False, access_note="Trois marches, rampe mobile sur demande", capacity=16),
    Hall("belval_square", "sanem", "Espace Jonction", "0213", "Belval", (60, 60), "1, place des Halles",
         bus_stop="Belval, Gare", capacity=40),
    Hall("ehlerange", "sanem", "Al Schoul", "0213", "Ehlerange", step_free=False),
    Hall("esch_corner", "esch-sur-alzette", "Café um Eck", "0204", "Esch-sur-Alzette", (-310, 260),
         "88, rue du Marché", bus_stop="Esch, Rathaus", step_free=False, access_note="Une marche à l’entrée",
         capacity=36),
    Hall("esch_library", "esch-sur-alzette", "Bibliothèque du quartier", "0204", "Esch-sur-Alzette", (120, -240),
         "15, rue des Tilleuls", bus_stop="Esch, Gare", capacity=30),
    Hall("esch_belval", "esch-sur-alzette", "Maison des gens", "0204", "Belval-Université", (-80, 150),
         "6, avenue des Hauts-Champs", bus_stop="Belval, Université", capacity=24),
    Hall("esch_house", "esch-sur-alzette", "Maison de la diversité", "0204", "Esch-sur-Alzette", (-40, 40),
         "31, rue des Écoles", capacity=50),
    Hall("differdange", "differdange", "Maison relais du Parc", "0202", "Differdange", (210, 90), "7, rue du Parc",
         bus_stop="Differdange, Parc", capacity=20),
    Hall("obercorn", "differdange", "Hall de la Mine", "0202", "Obercorn", (-60, -70), "3, rue de la Mine",
         capacity=80),
    Hall("niedercorn", "differdange", "Veräinshaus", "0202", "Niedercorn", step_free=False, capacity=70),
    Hall("dudelange", "dudelange", "Atelier am Duerf", "0203", "Dudelange", (90, -160), "22, rue de la Forge",
         bus_stop="Dudelange, Centre", capacity=40),
    Hall("dudelange_library", "dudelange", "Mediathéik", "0203", "Dudelange", (-150, 60), "5, place de la Fontaine",
         capacity=25),
    Hall("petange", "petange", "Centre Kordall", "0209", "Pétange", (70, 120), "9, rue de la Liberté", capacity=60),
    Hall("rodange", "petange", "Café an der Kier", "0209", "Rodange", step_free=False, capacity=35),
    Hall("dommeldange", "luxembourg", "Centre culturel am Millebaach", "0304", "Dommeldange", (120, -90),
         "12, rue du Moulin", bus_stop="Dommeldange, Gare", capacity=80),
    Hall("kirchberg_museum", "luxembourg", "Musée du Plateau", "0304", "Kirchberg", (-140, -200), "3, allée du Parc",
         bus_stop="Philharmonie", capacity=40),
    Hall("bonnevoie", "luxembourg", "Maison de quartier", "0304", "Bonnevoie", (50, 130), "54, rue des Jardins",
         bus_stop="Bonnevoie, Léon XIII", capacity=30),
    Hall("limpertsberg", "luxembourg", "Foyer des Glacis", "0304", "Limpertsberg", (-180, 60), "20, avenue des Roses",
         capacity=24),
    Hall("hollerich", "luxembourg", "Atelier des familles", "0304", "Hollerich", (30, -80), "8, rue de l’Atelier",
         capacity=18),
    Hall("station_pub", "stammdesch", "Café Zentral", "0304", "Gare", (60, 20), "2, place de la Gare",
         bus_stop="Luxembourg, Gare centrale", step_free=False, capacity=60),
    Hall("theatre", "mateneen", "Petit Théâtre", "0304", "Belair", (-90, -110), "101, avenue du Dix", capacity=90),
    Hall("mateneen", "mateneen", "Maison Mateneen", "0304", "Gare", (-160, -120), "17, rue du Chemin-Neuf",
         capacity=40),
    Hall("school", "wuertwiessel", "École Wuertwiessel", "0304", "Luxembourg", (200, -60), "40, boulevard du Tram",
         capacity=16),
    Hall("school_esch", "wuertwiessel", "École Wuertwiessel", "0204", "Esch-sur-Alzette", (260, 180),
         "14, rue du Canal", capacity=16),
    Hall("school_wiltz", "wuertwiessel", "Haus Nord", "0807", "Wiltz", (80, -60), "12, rue de la Source",
         capacity=18),
    Hall("school_dudelange", "wuertwiessel", "École Wuertwiessel", "0203", "Dudelange", step_free=False, capacity=14),
    Hall("school_mersch", "wuertwiessel", "École Wuertwiessel", "0409", "Mersch", capacity=14),
    Hall("congress", "integration", "Centre de congrès", "0304", "Kirchberg", (180, 240), "1, place du Congrès",
         bus_stop="Europe – Parlement", capacity=1200),
    Hall("integration_mersch", "integration", "Salle du Château", "0409", "Mersch", capacity=40),
    Hall("strassen", "strassen", "Centre culturel", "0309", "Strassen", (60, -40), "2, rue du Village", capacity=90),
    Hall("strassen_school", "strassen", "École du Bois", "0309", "Strassen", capacity=20),
    Hall("walferdange", "walferdange", "Centre de la Princesse", "0310", "Walferdange", (-70, 30), "6, route du Pont",
         bus_stop="Walferdange, Gare", capacity=120),
    Hall("bereldange", "walferdange", "Maison des jeunes", "0310", "Béreldange", capacity=20),
    Hall(
        "mersch", "mersch", "Maison du Vivre-ensemble", "0409", "Mersch", (110, 70), "5, place de l’Étoile", "",
        "Mersch, Gare", capacity=40, free_times="Lundi, mercredi 18:00–22:00\nSamedi 08:00–13:00",
    ),
    Hall("ettelbruck", "ettelbruck", "Kulturhaus", "0605", "Ettelbruck", (-60, 100), "11, rue de la Gare",
         bus_stop="Ettelbruck, Gare", capacity=70),
    Hall("wiltz", "wiltz", "Al Gierwerei", "0807", "Wiltz", (-140, 90), "3, rue des Tanneurs", step_free=False,
         capacity=40),
    Hall("grevenmacher", "grevenmacher", "Musel-Haus", "1104", "Grevenmacher", (60, 60), "7, quai de la Moselle",
         capacity=60),
    Hall("redange", "atert-uewersauer", "Haus vun der Regioun", "0706", "Redange-sur-Attert", capacity=30),
)  # fmt: skip

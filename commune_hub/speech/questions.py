"""The answers to choose from at the end of a season, from the best down."""

from commune_hub.speech.catalogues import N_

USEFUL = (("4", N_("Very")), ("3", N_("Rather yes")), ("2", N_("Rather not")), ("1", N_("Not at all")))

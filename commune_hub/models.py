"""All tables of the hub in one place, for the migrations."""

import commune_hub.accounts.models
import commune_hub.accounts.reports
import commune_hub.accounts.traces
import commune_hub.base.outbox
import commune_hub.contracts.models
import commune_hub.events.models
import commune_hub.events.records
import commune_hub.matching.models
import commune_hub.places.models
import commune_hub.privacy.models
import commune_hub.volunteers.coaching.models
import commune_hub.volunteers.models  # noqa: F401
from commune_hub.base.db import Base

metadata = Base.metadata

"""Moved to commune_hub.speech.dates, because mail speaks too; this name goes when nobody imports it any more."""

from commune_hub.speech.dates import *  # noqa: F403

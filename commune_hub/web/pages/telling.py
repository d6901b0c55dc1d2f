"""Moved to commune_hub.speech.telling, because mail speaks too; this name goes when nobody imports it any more."""

from commune_hub.speech.telling import *  # noqa: F403

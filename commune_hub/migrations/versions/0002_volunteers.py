"""Volunteers: profiles, steps, qualifications, hosts, engagements, materials, requests for support."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "volunteer_policy",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unqualified", sa.String(length=32), nullable=False),
        sa.CheckConstraint("unqualified in ('allow', 'warn', 'refuse')", name=op.f("ck_volunteer_policy_unqualified")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_volunteer_policy_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_volunteer_policy")),
    )
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("level_from", sa.Integer(), nullable=True),
        sa.Column("level_to", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("kilobytes", sa.Integer(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(url <> '') <> (file is not null)", name=op.f("ck_material_link_or_file")),
        sa.CheckConstraint("level_to >= level_from", name=op.f("ck_material_levels")),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_material_added_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("public_id", name=op.f("uq_material_public_id")),
    )
    op.create_index(op.f("ix_material_theme"), "material", ["theme"])

    op.create_table(
        "volunteer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("free_slots", sa.Integer(), nullable=False),
        sa.Column("now_and_then", sa.Boolean(), nullable=False),
        sa.Column("point_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reach_km", sa.Integer(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("likes", sa.JSON(), nullable=False),
        sa.Column("wishes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("charter_agreed_on", sa.Date(), nullable=True),
        sa.Column("bulletin_seen_on", sa.Date(), nullable=True),
        sa.Column("bulletin_seen_by_id", sa.Integer(), nullable=True),
        sa.Column("calendar_key", sa.String(length=22), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('announced', 'invited', 'met', 'trained', 'active', 'paused', 'left')",
            name=op.f("ck_volunteer_state"),
        ),
        sa.CheckConstraint(
            "(bulletin_seen_on is null) = (bulletin_seen_by_id is null)", name=op.f("ck_volunteer_bulletin")
        ),
        sa.CheckConstraint("capacity between 0 and 9", name=op.f("ck_volunteer_capacity")),
        sa.CheckConstraint("free_slots between 0 and 262143", name=op.f("ck_volunteer_free_slots")),
        sa.CheckConstraint("reach_km between 0 and 100", name=op.f("ck_volunteer_reach_km")),
        sa.ForeignKeyConstraint(
            ["bulletin_seen_by_id"], ["account.id"], name=op.f("fk_volunteer_bulletin_seen_by_id_account")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_volunteer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("calendar_key", name=op.f("uq_volunteer_calendar_key")),
        sa.UniqueConstraint("person_id", name=op.f("uq_volunteer_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_volunteer_public_id")),
    )
    op.create_index(op.f("ix_volunteer_state"), "volunteer", ["state"])

    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(length=26), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_engagement_period")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_engagement_minutes")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_engagement_volunteer_id_volunteer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("code", name=op.f("uq_engagement_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_engagement_public_id")),
    )
    op.create_index(op.f("ix_engagement_volunteer_id"), "engagement", ["volunteer_id"])

    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("qualified_by", sa.String(length=32), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("qualified_by in ('training', 'exchange_day')", name=op.f("ck_qualification_qualified_by")),
        sa.CheckConstraint("valid_until >= granted_on", name=op.f("ck_qualification_period")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_qualification_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_qualification_volunteer_id_volunteer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("volunteer_id", "activity_id", name=op.f("uq_qualification_volunteer_id_activity_id")),
    )
    op.create_index(op.f("ix_qualification_activity_id"), "qualification", ["activity_id"])
    op.create_index(op.f("ix_qualification_valid_until"), "qualification", ["valid_until"])

    op.create_table(
        "support_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("wish", sa.String(length=2000), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "step in ('idea', 'talk', 'plan', 'volunteers', 'training', 'published', 'first_meeting', 'dropped')",
            name=op.f("ck_support_request_step"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_support_request_activity_id_activity")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_support_request_asked_by_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_support_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_support_request_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_request_public_id")),
    )
    op.create_index(op.f("ix_support_request_organisation_id"), "support_request", ["organisation_id"])

    op.create_table(
        "volunteer_commune",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("lau2", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_volunteer_commune_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "lau2", name=op.f("pk_volunteer_commune")),
    )
    op.create_index(op.f("ix_volunteer_commune_lau2"), "volunteer_commune", ["lau2"])

    op.create_table(
        "volunteer_language",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=35), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('offers', 'understands')", name=op.f("ck_volunteer_language_kind")),
        sa.CheckConstraint("level between 1 and 14", name=op.f("ck_volunteer_language_level")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_volunteer_language_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_language")),
        sa.UniqueConstraint("volunteer_id", "tag", "kind", name=op.f("uq_volunteer_language_volunteer_id_tag_kind")),
    )
    op.create_index(op.f("ix_volunteer_language_tag"), "volunteer_language", ["tag"])

    op.create_table(
        "volunteer_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("became", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "became in ('announced', 'invited', 'met', 'trained', 'active', 'paused', 'left')",
            name=op.f("ck_volunteer_step_became"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_volunteer_step_by_id_account")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_volunteer_step_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_step")),
    )
    op.create_index(op.f("ix_volunteer_step_volunteer_id"), "volunteer_step", ["volunteer_id"])

    op.create_table(
        "support_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "step in ('idea', 'talk', 'plan', 'volunteers', 'training', 'published', 'first_meeting', 'dropped')",
            name=op.f("ck_support_note_step"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_support_note_by_id_account")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["support_request.id"],
            name=op.f("fk_support_note_request_id_support_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_note")),
    )
    op.create_index(op.f("ix_support_note_request_id"), "support_note", ["request_id"])

    op.create_table(
        "meeting_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("stands_in_for_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('hosts', 'cannot', 'replaced')", name=op.f("ck_meeting_host_state")),
        sa.CheckConstraint(
            "stands_in_for_id is null or stands_in_for_id <> id", name=op.f("ck_meeting_host_stands_in_for")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_host_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stands_in_for_id"],
            ["meeting_host.id"],
            name=op.f("fk_meeting_host_stands_in_for_id_meeting_host"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_meeting_host_volunteer_id_volunteer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_host")),
        sa.UniqueConstraint("meeting_id", "volunteer_id", name=op.f("uq_meeting_host_meeting_id_volunteer_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_host_public_id")),
    )
    op.create_index(op.f("ix_meeting_host_volunteer_id"), "meeting_host", ["volunteer_id"])

    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_key", sa.String(length=22), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comes", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id"], ["meeting_host.id"], name=op.f("fk_hand_over_host_id_meeting_host"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_hand_over_volunteer_id_volunteer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("host_id", "volunteer_id", name=op.f("uq_hand_over_host_id_volunteer_id")),
        sa.UniqueConstraint("link_key", name=op.f("uq_hand_over_link_key")),
    )
    op.create_index(op.f("ix_hand_over_volunteer_id"), "hand_over", ["volunteer_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_hand_over_volunteer_id"), table_name="hand_over")

    op.drop_table("hand_over")
    op.drop_index(op.f("ix_meeting_host_volunteer_id"), table_name="meeting_host")

    op.drop_table("meeting_host")
    op.drop_index(op.f("ix_support_note_request_id"), table_name="support_note")

    op.drop_table("support_note")
    op.drop_index(op.f("ix_volunteer_step_volunteer_id"), table_name="volunteer_step")

    op.drop_table("volunteer_step")
    op.drop_index(op.f("ix_volunteer_language_tag"), table_name="volunteer_language")

    op.drop_table("volunteer_language")
    op.drop_index(op.f("ix_volunteer_commune_lau2"), table_name="volunteer_commune")

    op.drop_table("volunteer_commune")
    op.drop_index(op.f("ix_support_request_organisation_id"), table_name="support_request")

    op.drop_table("support_request")
    op.drop_index(op.f("ix_qualification_valid_until"), table_name="qualification")
    op.drop_index(op.f("ix_qualification_activity_id"), table_name="qualification")

    op.drop_table("qualification")
    op.drop_index(op.f("ix_engagement_volunteer_id"), table_name="engagement")

    op.drop_table("engagement")
    op.drop_index(op.f("ix_volunteer_state"), table_name="volunteer")

    op.drop_table("volunteer")
    op.drop_index(op.f("ix_material_theme"), table_name="material")

    op.drop_table("material")
    op.drop_table("volunteer_policy")

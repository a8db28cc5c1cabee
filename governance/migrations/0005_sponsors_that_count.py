"""Store which kinds of sponsors count, the allow and deny list apart, where the column said which kinds are named."""

from django.db import migrations

_COUNTS = """EXISTS (
    SELECT 1 FROM governance_sponsorship s JOIN governance_person p ON p.id = s.person_id
    WHERE s.organization_id = governance_organization.id AND s.kind = '{kind}' AND {fits}
    AND NOT EXISTS (SELECT 1 FROM governance_person b WHERE b.mailbox = p.mailbox AND b.state = 'blocked')
)"""
_INTERNAL = _COUNTS.format(kind="internal", fits="p.kind = 'member' AND p.state = 'active'")
_EXTERNAL = _COUNTS.format(
    kind="external",
    fits="p.kind = 'guest' AND p.state IN ('active', 'invited') AND p.organization_id = s.organization_id",
)


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_person_preferences")]

    operations = [
        migrations.RunSQL(
            f"""
            UPDATE governance_organization SET sponsored_by = CASE
                WHEN deleted_at IS NOT NULL THEN 'nobody'
                WHEN {_INTERNAL} AND {_EXTERNAL} THEN 'both'
                WHEN {_INTERNAL} THEN 'internal'
                WHEN {_EXTERNAL} THEN 'external'
                ELSE 'nobody'
            END
            WHERE sponsored_by <> 'nobody'
            """,
            migrations.RunSQL.noop,
        ),
    ]

"""A policy needs approval when it has stages: the column that said so before goes."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0012_myaccess'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='policy',
            name='any_outside_person_needs_approval',
        ),
        migrations.RemoveField(
            model_name='policy',
            name='needs_approval',
        ),
        migrations.AlterField(
            model_name='policy',
            name='lasts_days',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='days of access'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=~Q(scope='any_outside') | ~Q(stages=[]), name='any_outside_person_needs_approval'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=Q(lasts_hours__isnull=True) | Q(lasts_hours__range=(1, 2160)), name='policy_lasts_hours_is_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=Q(ends='never') | Q(ends='days', lasts_days__isnull=False) | Q(ends='hours', lasts_hours__isnull=False) | Q(ends='until', last_day__isnull=False), name='policy_says_when_access_ends'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('governance', '0003_known_values_only')]

    operations = [
        migrations.AddField(
            model_name="person",
            name="time_zone",
            field=models.CharField(
                blank=True, default="", help_text="Empty: the browser's time zone.", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="shows_first_steps",
            field=models.BooleanField(default=True, verbose_name="first steps on the overview"),
        ),
    ]

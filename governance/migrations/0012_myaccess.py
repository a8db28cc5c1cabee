from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0011_organization_merges'),
    ]

    operations = [
        migrations.AddField(
            model_name='signincode',
            name='network',
            field=models.CharField(blank=True, default='', max_length=45),
        ),
        migrations.AddIndex(
            model_name='signincode',
            index=models.Index(fields=['network', 'created_at'], name='code_by_network'),
        ),
        migrations.AddIndex(
            model_name='signincode',
            index=models.Index(fields=['created_at'], name='code_by_age'),
        ),
    ]

"""Keep beside each employer what its spellings have in common."""

from django.db import migrations, models

import workbench.models.user


def fill(apps, schema_editor):
    User = apps.get_model("workbench", "User")
    for user in User.objects.exclude(employer="").iterator():
        user.save(update_fields=["employer_key"])


class Migration(migrations.Migration):

    dependencies = [
        ("workbench", "0003_employer_and_languages"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="employer_key",
            field=workbench.models.user.EmployerKeyField(
                blank=True, db_index=True, default="", editable=False, max_length=240
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

"""Versions of an achievement that a programme offers to nobody who starts from now on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_conflicts_by_declarer")]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="closed",
            field=models.ManyToManyField(
                blank=True,
                related_name="closed_in",
                to="assessments.achievement",
                verbose_name="closed to new starts",
            ),
        ),
    ]

"""Open work that is shared out to everybody, and keep former colleagues apart."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0008_extension"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="freed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="conflict",
            name="tie",
            field=models.CharField(
                choices=[
                    ("taught", "taught this learner"),
                    ("family", "family or friends"),
                    ("work", "work together"),
                    ("former", "worked for the same employer"),
                    ("other", "another tie"),
                ],
                max_length=6,
                verbose_name="tie",
            ),
        ),
    ]

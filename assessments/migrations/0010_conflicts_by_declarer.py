"""Let each side declare a conflict of its own: neither learns of the other's."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0009_sharing_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="conflict", name="conflict_once"),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("learner", "assessor", "declared_by", "tie"),
                name="conflict_once",
            ),
        ),
    ]

"""Every decision made so far stands for its attempt."""

from django.db import migrations
from django.db.models import F


def let_stand(apps, schema_editor):
    apps.get_model("reviews", "Decision").objects.update(standing_for=F("submission"))
    decided = apps.get_model("reviews", "Review").objects.filter(state="decided")
    for outcome in ("approve", "return", "reject"):
        decided.filter(decision__outcome=outcome).update(outcome=outcome)


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0006_judgement'),
    ]

    operations = [
        migrations.RunPython(let_stand, migrations.RunPython.noop),
    ]

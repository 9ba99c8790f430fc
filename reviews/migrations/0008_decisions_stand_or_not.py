from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0007_standing_decisions'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_aside_at__isnull', True), ('standing_for', models.F('submission'))), models.Q(('set_aside_at__isnull', False), ('standing_for__isnull', True)), _connector='OR'), name='decision_stands_or_is_set_aside'),
        ),
    ]

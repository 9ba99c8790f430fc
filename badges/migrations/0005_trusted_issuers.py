import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('badges', '0004_keys_and_status'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TrustedIssuer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('identifier', models.CharField(max_length=500, verbose_name='identifier')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='how you know it is theirs')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trusted_issuers', to='workbench.organisation')),
            ],
            options={
                'verbose_name': 'known partner',
                'verbose_name_plural': 'known partners',
                'ordering': ('name', 'identifier'),
                'indexes': [models.Index(fields=['identifier'], name='trusted_issuer_identifier')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'identifier'), name='trusted_issuer_once')],
            },
        ),
    ]

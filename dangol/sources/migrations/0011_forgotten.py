"""What each feed has forgotten, and who is owed everything anew."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0010_landed_keys")]

    operations = [
        migrations.AddField(
            model_name="subscriber", name="everything_asked_at", field=models.DateTimeField(null=True)
        ),
        migrations.CreateModel(
            name="Forgotten",
            fields=[
                ("entity", models.CharField(choices=[("customer", "Customers"), ("transaction", "Purchases and visits"), ("site", "Sites"), ("product", "Products")], max_length=12, primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField()),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]  # fmt: skip

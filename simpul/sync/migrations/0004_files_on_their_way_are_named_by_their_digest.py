from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0003_mirrored_rows_and_how_far_both_sides_are"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="blob", name="blob_once"),
        migrations.RenameField(model_name="blob", old_name="sha256", new_name="digest"),
        migrations.AddConstraint(
            model_name="blob",
            constraint=models.UniqueConstraint(models.F("device"), models.F("digest"), name="blob_once"),
        ),
        migrations.RemoveConstraint(model_name="awaitedfile", name="awaited_file_once"),
        migrations.RemoveIndex(model_name="awaitedfile", name="awaited_file"),
        migrations.RenameField(model_name="awaitedfile", old_name="sha256", new_name="digest"),
        migrations.AddConstraint(
            model_name="awaitedfile",
            constraint=models.UniqueConstraint(
                models.F("event"),
                models.F("digest"),
                models.F("kind"),
                models.F("key"),
                name="awaited_file_once",
            ),
        ),
        migrations.AddIndex(
            model_name="awaitedfile",
            index=models.Index(
                fields=["device", "digest"], name="awaited_file", condition=models.Q(attached_at=None)
            ),
        ),
    ]

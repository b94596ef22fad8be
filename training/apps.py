from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Hoạt động"

    def ready(self) -> None:
        from campaigns.dependents import register_dependents
        from training.dependents import has_records_since

        register_dependents(has_records_since)

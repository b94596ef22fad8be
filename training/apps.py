from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Hoạt động"

    def ready(self) -> None:
        from campaigns.dependents import register_dependents, register_mover, register_records
        from training.dependents import RecordsMover, has_records_since, records_on_ground

        register_dependents(has_records_since)
        register_records(records_on_ground)
        register_mover(RecordsMover())

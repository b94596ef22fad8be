from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Hoạt động"

    def ready(self) -> None:
        from campaigns.dependents import register_dependents, register_mover, register_records
        from campaigns.importers.kinds import register_kind
        from training.dependents import RecordsMover, has_records_since, records_on_ground
        from training.exported_lists import register_own_exports
        from training.importers.attendance import ATTENDANCE
        from training.importers.declared import DECLARED

        register_dependents(has_records_since)
        register_records(records_on_ground)
        register_mover(RecordsMover())
        register_kind(ATTENDANCE)
        register_kind(DECLARED)
        register_own_exports()

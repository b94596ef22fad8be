"""The commune's rows 99 times more, each copy with numbers of its own: INSERT ... SELECT with shifted ids."""

from typing import Any


def copied_models() -> list[Any]:
    """Every table with rows of the commune, parents before children."""
    from django.apps import apps
    from django.db import connection

    models = [model for label in ("campaigns", "training") for model in apps.get_app_config(label).get_models(True)]
    tables = set(connection.introspection.table_names())
    return [model for model in models if model._meta.db_table in tables and model.objects.exists()]


def copy_commune(times: int) -> None:
    """Adds that many copies of the whole commune; its root unit's parent, the city, is shared."""
    from django.db import connection

    models = copied_models()
    with connection.cursor() as cursor:
        stride = 1 + max(model.objects.latest("pk").pk for model in models)
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA foreign_keys = OFF" if sqlite else "SET session_replication_role = replica")
        for number in range(1, times + 1):
            cursor.execute("BEGIN")
            for model in models:
                cursor.execute(_copy_of(model, models, stride, number * stride))
            cursor.execute("COMMIT")
        cursor.execute("PRAGMA foreign_keys = ON" if sqlite else "SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE" if sqlite else "VACUUM ANALYZE")
        if sqlite:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy_of(model: Any, models: list[Any], stride: int, shift: int) -> str:
    from django.db import connection

    quote = connection.ops.quote_name
    table, columns, values = quote(model._meta.db_table), [], []
    for field in model._meta.concrete_fields:
        column = quote(field.column)
        columns.append(column)
        if field.primary_key or (field.remote_field and field.remote_field.model in models):
            is_city = f"{column} IN (SELECT id FROM campaigns_unit WHERE kind = 'CITY')"
            shared = field.remote_field and field.name == "parent"
            moved = f"{column} + {shift}"
            values.append(f"CASE WHEN {is_city} THEN {column} ELSE {moved} END" if shared else moved)
        else:
            values.append(column)
    source = f"SELECT {', '.join(values)} FROM {table} WHERE id < {stride}"
    if model._meta.db_table == "campaigns_unit":
        source += " AND kind <> 'CITY'"
    return f"INSERT INTO {table} ({', '.join(columns)}) {source}"

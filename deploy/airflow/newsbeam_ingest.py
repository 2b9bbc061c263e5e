"""DAGs that run newsbeam every half hour and look after its tables every night: put them in Airflow's folder of DAGs.

newsbeam stands in an environment of its own, for its packages are not Airflow's: the tasks call its command. The
Airflow variables `newsbeam_command`, `newsbeam_config` and `newsbeam_tables` say where things are, where it is not
as below.
"""

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

COMMAND = "{{ var.value.get('newsbeam_command', '/opt/newsbeam/bin/newsbeam') }}"
CONFIG = "{{ var.value.get('newsbeam_config', '/etc/newsbeam/wires.toml') }}"
TABLES = "{{ var.value.get('newsbeam_tables', '/var/lib/newsbeam/tables') }}"
START = pendulum.datetime(2026, 1, 1, tz="UTC")

with DAG(
    dag_id="newsbeam_ingest",
    description="News wires into Parquet tables",
    schedule="*/30 * * * *",
    start_date=START,
    # Every run reads all that is there: those that were missed have nothing to do that the next one does not.
    catchup=False,
    # One output, one run at a time; a second would only wait for the first.
    max_active_runs=1,
    tags=["newsbeam"],
):
    BashOperator(
        task_id="ingest",
        # The id Airflow knows the run by is the one in tables, manifests and logs. Another try needs another id.
        bash_command=(
            f'"{COMMAND}" ingest --config "{CONFIG}" --log-json --json-summary --lock-wait 60 '
            "--run-id airflow-{{ dag_run.run_after.strftime('%Y%m%dT%H%M%S%f') }}-{{ ti.try_number }}"
        ),
        # 3: finished, but more was rejected than max_reject_rate. Shown as skipped, which calls nobody at night.
        skip_on_exit_code=3,
        retries=2,
        retry_delay=pendulum.duration(minutes=2),
        execution_timeout=pendulum.duration(hours=1),
    )

with DAG(
    dag_id="newsbeam_upkeep",
    description="Few files of many; then whether every item adds up and every file is whole",
    schedule="37 3 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=["newsbeam"],
):
    compact = BashOperator(
        task_id="compact",
        bash_command=f'"{COMMAND}" compact "{TABLES}" --lock-wait 600',
        execution_timeout=pendulum.duration(hours=2),
    )
    verify = BashOperator(
        task_id="verify",
        bash_command=f'"{COMMAND}" verify "{TABLES}"',
        execution_timeout=pendulum.duration(hours=2),
    )
    compact >> verify

"""Import the DAGs and run each of them once, as `airflow dags test` does; for deploy/airflow/check."""

import sys
from pathlib import Path

from airflow.dag_processing.dagbag import DagBag

HERE = Path(__file__).parent


def main() -> int:
    """1 where a file can't be imported or a run does not succeed."""
    bag = DagBag(dag_folder=HERE / "newsbeam_ingest.py")
    for path, error in bag.import_errors.items():
        print(f"{path}: {error}", file=sys.stderr)
    if bag.import_errors or set(bag.dags) != {"newsbeam_ingest", "newsbeam_upkeep"}:
        return 1
    for name in ("newsbeam_ingest", "newsbeam_upkeep"):
        run = bag.dags[name].test()
        states = {task.task_id: str(task.state) for task in run.get_task_instances()}
        if run.state != "success" or set(states.values()) != {"success"}:
            print(f"{name}: {run.state}, {states}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
